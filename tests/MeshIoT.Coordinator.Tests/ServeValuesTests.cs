using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using MeshIoT.Health;
using Xunit;

namespace MeshIoT.Coordinator.Tests;

public class ServeValuesTests
{
    [Theory]
    [InlineData("127.0.0.1:8080", "127.0.0.1:8080")]
    [InlineData("0.0.0.0:8080", "0.0.0.0:8080")]
    [InlineData("localhost:1", "127.0.0.1:1")]
    [InlineData("[::1]:8080", "[::1]:8080")]
    public void A_listen_address_is_read(string text, string expected) => Assert.Equal(expected, ServeValues.EndPoint(text).ToString());

    [Fact]
    public void A_port_alone_means_all_addresses_of_both_families() =>
        Assert.Equal(Socket.OSSupportsIPv6 ? "[::]:8080" : "0.0.0.0:8080", ServeValues.EndPoint(":8080").ToString());

    [Theory]
    [InlineData("8080")]
    [InlineData("127.0.0.1")]
    [InlineData("host.example:80")]
    [InlineData("127.0.0.1:99999")]
    [InlineData("::1")]
    [InlineData("")]
    public void A_wrong_listen_address_is_named(string text) => Refused(() => ServeValues.EndPoint(text));

    [Fact]
    public void Domains_and_urls_are_checked()
    {
        Assert.Equal("tail.example", ServeValues.Domain(".Tail.Example."));
        Refused(() => ServeValues.Domain("a b"));
        Refused(() => ServeValues.Domain("10.0.0.1"));
        Assert.Equal("https://c.example/", ServeValues.Url("https://c.example")!.ToString());
        Refused(() => ServeValues.Url("ftp://c.example"));
        Refused(() => ServeValues.Url("https://c.example/path"));
        Refused(() => ServeValues.Url("https://u:p@c.example"));
    }

    [Theory]
    [InlineData("{\"Regions\":{\"900\":{\"RegionID\":900,\"RegionCode\":\"l\",\"RegionName\":\"l\",\"Nodes\":[{\"Name\":\"900a\",\"RegionID\":900,\"HostName\":\"derp.example\"}]}}}", true)]
    [InlineData("{\"Regions\":{\"900\":{\"RegionID\":901,\"Nodes\":[{\"Name\":\"a\"}]}}}", false)]
    [InlineData("{\"Regions\":{\"900\":null}}", false)]
    [InlineData("{}", false)]
    [InlineData("nonsense", false)]
    public void A_derp_map_is_read_or_named(string json, bool good)
    {
        using TemporaryDirectory temporary = new();
        File.WriteAllText(temporary.Of("derp.json"), json);
        if (good)
        {
            Assert.Equal("derp.example", ServeValues.DerpMap(temporary.Of("derp.json"))!.Regions![900]!.Nodes![0].HostName);
        }
        else
        {
            Refused(() => ServeValues.DerpMap(temporary.Of("derp.json")));
        }

        Refused(() => ServeValues.DerpMap(temporary.Of("missing.json")));
    }

    [Theory]
    [InlineData("192.168.1.5", "http://192.168.1.5:8080/")]
    [InlineData("203.0.113.5", null)]
    public void Only_an_address_where_plain_http_lasts_is_told_to_devices(string address, string? url) =>
        Assert.Equal(url, LoginServers.Guess(new IPEndPoint(IPAddress.Parse(address), 8080))?.ToString());

    static void Refused(Func<object?> read) => Assert.Same(Faults.CoordinatorOptionInvalid, Assert.Throws<FaultException>(() => { read(); }).Report.Fault);
}
