using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using MeshIoT.Paths.Endpoints;
using Xunit;

namespace MeshIoT.Paths.Tests.Endpoints;

/// <summary>Order and memory of the own endpoints. data-plane.md section 2.8.</summary>
public class EndpointListTests
{
    readonly EndpointList list = new();

    static IReadOnlyList<IPEndPoint> Points(string texts) => [.. texts.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPEndPoint.Parse)];

    static EndpointSources Stun(string v4, bool varies = false, int fixedPort = 0, string local = "192.168.1.5:41641") =>
        new() { StunV4 = Points(v4), MappingVaries = varies, FixedPort = fixedPort, Local = Points(local) };

    string Told(EndpointSources sources, double seconds) =>
        string.Join(' ', list.Build(sources, TimeSpan.FromSeconds(seconds)).Select(static endpoint => $"{endpoint.Address}/{(int)endpoint.Type}"));

    [Fact]
    public void The_most_promising_come_first_each_once()
    {
        EndpointSources all = new()
        {
            Local = Points("192.168.1.5:41641 [2001:db8::5]:41641"), Explicit = Points("203.0.113.80:41641"), StunV6 = Points("[2001:db8::5]:41641"),
            StunV4 = Points("203.0.113.7:5000 203.0.113.8:5001"), Portmapped = Points("203.0.113.7:9000"), MappingVaries = true, FixedPort = 41641,
        };
        Assert.Equal(
            "203.0.113.7:9000/3 203.0.113.7:5000/2 203.0.113.8:5001/2 [2001:db8::5]:41641/2 203.0.113.7:41641/4 203.0.113.80:41641/5 192.168.1.5:41641/1",
            Told(all, 0));
    }

    [Fact]
    public void The_fixed_port_is_guessed_at_only_behind_a_NAT_that_varies()
    {
        Assert.Equal("203.0.113.7:5000/2 192.168.1.5:41641/1", Told(Stun("203.0.113.7:5000", varies: false, fixedPort: 41641), 0));
        Assert.Equal("203.0.113.7:5000/2 192.168.1.5:41641/1", Told(Stun("203.0.113.7:5000", varies: true, fixedPort: 0), 0));
        Assert.Equal("203.0.113.7:5000/2 203.0.113.7:41641/4 192.168.1.5:41641/1", Told(Stun("203.0.113.7:5000", varies: true, fixedPort: 41641), 0));
    }

    [Fact]
    public void What_a_check_did_not_see_is_told_for_five_minutes_more()
    {
        Told(Stun("203.0.113.7:5000"), 0);
        Assert.Equal("203.0.113.7:5000/2 192.168.1.5:41641/1", Told(Stun(""), 299));
        Assert.Equal("192.168.1.5:41641/1", Told(Stun(""), 300));
    }

    [Fact]
    public void Addresses_of_interfaces_are_not_remembered()
    {
        Told(Stun("", local: "192.168.1.5:1"), 0);
        Assert.Equal("10.0.0.9:1/1", Told(Stun("", local: "10.0.0.9:1"), 1));
    }

    [Fact]
    public void Another_network_begins_anew()
    {
        Told(Stun("203.0.113.7:5000"), 0);
        list.Forget();
        Assert.Equal("192.168.1.5:41641/1", Told(Stun(""), 1));
    }

    [Fact]
    public void A_mapping_that_moves_is_followed_and_three_of_an_address_are_told()
    {
        for (int i = 0; i < 10; i++)
        {
            Told(Stun($"203.0.113.7:{5000 + i}"), i);
        }

        Assert.Equal("203.0.113.7:5009/2 203.0.113.7:5008/2 203.0.113.7:5007/2 192.168.1.5:41641/1", Told(Stun("203.0.113.7:5009"), 10));
    }

    [Fact]
    public void A_mapping_that_varies_with_the_destination_is_no_news_each_time()
    {
        string first = Told(Stun("203.0.113.7:5000", varies: true), 0);
        for (int i = 1; i < 100; i++)
        {
            Assert.Equal(first, Told(Stun($"203.0.113.7:{5000 + i}", varies: true), i * 23));
        }

        Assert.StartsWith("198.51.100.9:1/2", Told(Stun("198.51.100.9:1", varies: true), 2300), StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_names_another_address_each_time_makes_no_long_list()
    {
        for (int i = 0; i < 500; i++)
        {
            Told(Stun($"203.0.{i / 250}.{(i % 250) + 1}:{5000 + i}"), i * 0.1);
        }

        Assert.InRange(list.Build(Stun("203.0.113.7:1"), TimeSpan.FromSeconds(51)).Count, 2, EndpointList.MostRemembered + 1);
        EndpointSources flood = new() { Local = [.. Enumerable.Range(1, 1000).Select(static port => new IPEndPoint(IPAddress.Loopback, port))] };
        Assert.Equal(EndpointList.Most, list.Build(flood, TimeSpan.FromSeconds(52)).Count);
    }
}
