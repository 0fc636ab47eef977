using System;
using System.Linq;
using System.Net;
using Xunit;

namespace MeshIoT.PortMap.Tests;

/// <summary>A mapper and a router on a virtual clock.</summary>
public class PortMapperTests
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1), Hour = TimeSpan.FromHours(1);

    static FakeGateway Gateway(bool pmp = false, bool pcp = false, bool upnp = false) => new() { NatPmp = pmp, Pcp = pcp, Upnp = upnp };

    [Theory]
    [InlineData(true, true, true, PortMappingKind.NatPmp)]
    [InlineData(false, true, true, PortMappingKind.Pcp)]
    [InlineData(false, false, true, PortMappingKind.Upnp)]
    public void The_first_protocol_that_the_gateway_speaks_is_used(bool pmp, bool pcp, bool upnp, PortMappingKind kind)
    {
        FakeGateway gateway = Gateway(pmp, pcp, upnp);
        gateway.Enter();
        gateway.Advance(Second);
        Assert.Equal(new PortMapping(IPEndPoint.Parse("45.66.77.88:41641"), gateway.Mapper.Current!.ExpiresMs, kind), gateway.Mapper.Current);
        Assert.Single(gateway.Table);
        Assert.Null(gateway.Mapper.Trouble);
        Assert.True(gateway.Mapper.WantsNotices);
    }

    [Theory]
    [InlineData(true, false, 2)]
    [InlineData(false, true, 1)]
    public void An_idle_day_costs_one_renewal_an_hour_and_nothing_else(bool pmp, bool pcp, int datagramsEach)
    {
        FakeGateway gateway = Gateway(pmp, pcp);
        gateway.Enter();
        gateway.Advance(Second);
        gateway.Sent.Clear();
        gateway.Advance(24 * Hour);
        Assert.Equal(24 * datagramsEach, gateway.Sent.Count);
        Assert.NotNull(gateway.Mapper.Current);
    }

    [Fact]
    public void An_idle_day_by_UPnP_costs_two_requests_an_hour()
    {
        FakeGateway gateway = Gateway(upnp: true);
        gateway.Enter();
        gateway.Advance(Second);
        gateway.Sent.Clear();
        gateway.Advance(24 * Hour);
        Assert.Equal(48, gateway.Sent.Count);
        Assert.All(gateway.Sent, message => Assert.IsType<PortMapHttp>(message));
    }

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    public void Stopping_gives_the_mapping_back(bool pmp, bool pcp, bool upnp)
    {
        FakeGateway gateway = Gateway(pmp, pcp, upnp);
        gateway.Enter();
        gateway.Advance(Second);
        gateway.Mapper.Stop();
        gateway.Pump();
        Assert.Empty(gateway.Table);
        Assert.Null(gateway.Mapper.Current);
        Assert.Equal(long.MaxValue, gateway.Mapper.NextWakeMs);
    }

    [Fact]
    public void Stopping_before_the_answer_came_gives_back_what_was_asked_for()
    {
        FakeGateway gateway = Gateway(pmp: true);
        gateway.Mapper.UseNetwork(new PortMapNetwork(FakeGateway.Address, FakeGateway.Host, 41641), gateway.NowMs);
        gateway.Deliver(gateway.NatPmpAddress());
        gateway.Mapper.UseNetwork(new PortMapNetwork(FakeGateway.Address, FakeGateway.Host, 41642), gateway.NowMs);
        while (gateway.Mapper.TryTake(out PortMapSend? message))
        {
            gateway.Sent.Add(message!);
        }

        gateway.Mapper.Receive(gateway.NatPmpAddress(), new IPEndPoint(FakeGateway.Address, 5351), gateway.NowMs);
        gateway.Mapper.Stop();
        gateway.Pump();
        Assert.Empty(gateway.Table);
        Assert.Contains(gateway.Sent, m => m is PortMapDatagram { Payload: [0, 1, 0, 0, 0xa2, 0xaa, 0, 0, 0, 0, 0, 0] });
    }

    [Fact]
    public void A_gateway_that_speaks_nothing_is_asked_ever_more_seldom()
    {
        FakeGateway gateway = Gateway();
        gateway.Enter();
        gateway.Advance(24 * Hour);
        int rounds = gateway.Sent.Count(m => m is PortMapDatagram { To.Port: 5351, Payload.Length: 2 }) / 3;
        Assert.InRange(rounds, 20, 28);
        Assert.Null(gateway.Mapper.Trouble);
    }

    [Theory]
    [InlineData("192.168.178.20")]
    [InlineData("10.1.2.3")]
    [InlineData("100.71.2.3")]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.9")]
    public void An_outside_address_that_the_world_cannot_reach_is_no_endpoint_but_a_double_NAT(string outside)
    {
        foreach (FakeGateway gateway in new[] { Gateway(pmp: true), Gateway(pcp: true), Gateway(upnp: true), Gateway(true, true, true) })
        {
            gateway.External = IPAddress.Parse(outside);
            gateway.Enter();
            gateway.Advance(10 * Second);
            Assert.Null(gateway.Mapper.Current);
            Assert.Equal(PortMapTroubleKind.DoubleNat, gateway.Mapper.Trouble?.Kind);
            Assert.Equal(outside, gateway.Mapper.Trouble!.Detail);
            Assert.Empty(gateway.Table);

            // The other router was put into bridge mode.
            gateway.External = IPAddress.Parse("45.66.77.99");
            gateway.Advance(Hour);
            Assert.NotNull(gateway.Mapper.Current);
            Assert.Null(gateway.Mapper.Trouble);
        }
    }

    [Fact]
    public void A_gateway_that_refuses_is_reported_with_its_reason_and_the_next_protocol_is_tried()
    {
        FakeGateway gateway = Gateway(pmp: true, pcp: true, upnp: true);
        gateway.NatPmpResult = 2;
        gateway.Enter();
        gateway.Advance(Second);
        Assert.Equal(PortMappingKind.Pcp, gateway.Mapper.Current?.Kind);

        FakeGateway stern = Gateway(pmp: true, pcp: true, upnp: true);
        (stern.NatPmpResult, stern.PcpResult, stern.UpnpError) = (2, 2, (_, _) => 606);
        stern.Enter();
        stern.Advance(5 * Second);
        Assert.Null(stern.Mapper.Current);
        Assert.Equal(new PortMapTrouble(PortMapTroubleKind.Refused, FakeGateway.Address, PortMappingKind.NatPmp, "it is not allowed"), stern.Mapper.Trouble);
    }

    [Fact]
    public void A_mapping_is_taken_with_the_port_and_the_time_the_gateway_gives()
    {
        FakeGateway gateway = Gateway(pcp: true);
        gateway.Lifetime = 600;
        gateway.Enter();
        gateway.Advance(Second);
        Assert.InRange(gateway.Mapper.Current!.ExpiresMs - gateway.NowMs, 598_000, 600_000);
        gateway.Sent.Clear();
        gateway.Advance(TimeSpan.FromMinutes(50));
        Assert.Equal(10, gateway.Sent.Count);
    }

    [Fact]
    public void A_mapping_for_a_moment_only_is_not_worth_having()
    {
        FakeGateway gateway = Gateway(pmp: true);
        gateway.Lifetime = 1;
        gateway.Enter();
        gateway.Advance(Hour);
        Assert.Null(gateway.Mapper.Current);
        Assert.True(gateway.Sent.Count < 200, $"{gateway.Sent.Count} messages");
    }

    [Fact]
    public void A_gateway_that_does_not_answer_a_renewal_keeps_the_endpoint_until_it_expires()
    {
        FakeGateway gateway = Gateway(pmp: true);
        gateway.Enter();
        gateway.Advance(Second);
        gateway.Deaf = true;
        gateway.Advance(1.9 * Hour);
        Assert.NotNull(gateway.Mapper.Current);
        gateway.Advance(0.2 * Hour);
        Assert.Null(gateway.Mapper.Current);
        Assert.True(gateway.Sent.Count < 200, $"{gateway.Sent.Count} messages");
        gateway.Deaf = false;
        gateway.Advance(Hour);
        Assert.NotNull(gateway.Mapper.Current);
    }

    [Fact]
    public void Another_network_means_another_mapping_and_the_old_one_is_forgotten()
    {
        FakeGateway gateway = Gateway(pmp: true);
        gateway.Enter();
        gateway.Advance(Second);
        gateway.Mapper.UseNetwork(null, gateway.NowMs);
        Assert.Null(gateway.Mapper.Current);
        Assert.Equal(long.MaxValue, gateway.Mapper.NextWakeMs);
        gateway.Enter(50000);
        gateway.Advance(Second);
        Assert.Equal(50000, gateway.Mapper.Current?.External.Port);
        gateway.Sent.Clear();
        gateway.Enter(50000);
        Assert.Empty(gateway.Sent);
        gateway.Enter(50001);
        gateway.Advance(Second);
        Assert.Equal([50001], gateway.Table.Keys.Select(port => (int)port));
    }
}
