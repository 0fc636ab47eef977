using System;
using System.Linq;
using System.Net;
using Xunit;

namespace MeshIoT.PortMap.Tests;

/// <summary>A router that was switched off and on has no mappings; it must not take an hour to find out.</summary>
public class GatewayRestartTests
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    static FakeGateway Mapped(bool pmp = false, bool pcp = false, bool upnp = false)
    {
        FakeGateway gateway = new() { NatPmp = pmp, Pcp = pcp, Upnp = upnp };
        gateway.Enter();
        gateway.Advance(TimeSpan.FromMinutes(10));
        Assert.Single(gateway.Table);
        return gateway;
    }

    [Fact]
    public void NAT_PMP_an_announcement_with_a_clock_that_began_anew_maps_again_at_once()
    {
        FakeGateway gateway = Mapped(pmp: true);
        gateway.Reboot();
        gateway.Deliver(gateway.NatPmpAddress());
        Assert.Single(gateway.Table);
        Assert.Equal(1, gateway.Mapper.Losses);
    }

    [Fact]
    public void NAT_PMP_an_announcement_of_another_address_is_taken_up_at_once()
    {
        FakeGateway gateway = Mapped(pmp: true);
        gateway.External = IPAddress.Parse("45.66.77.99");
        gateway.Deliver(gateway.NatPmpAddress());
        Assert.Equal("45.66.77.99:41641", gateway.Mapper.Current?.External.ToString());
    }

    [Fact]
    public void PCP_an_announcement_with_a_clock_that_began_anew_maps_again_at_once()
    {
        FakeGateway gateway = Mapped(pcp: true);
        gateway.Reboot();
        gateway.Deliver(gateway.PcpAnnounce());
        Assert.Single(gateway.Table);
        Assert.Equal(1, gateway.Mapper.Losses);
    }

    [Fact]
    public void UPnP_a_notice_with_another_boot_number_maps_again_at_once()
    {
        FakeGateway gateway = Mapped(upnp: true);
        gateway.Deliver(FakeGateway.Notice("ssdp:alive", 7), 1900);
        gateway.Deliver(FakeGateway.Notice("ssdp:alive", 7), 1900);
        Assert.Equal(0, gateway.Mapper.Losses);
        gateway.Reboot();
        gateway.DescriptionUrl = "http://192.168.1.1:5001/rootDesc.xml";
        gateway.Deliver(FakeGateway.Notice("ssdp:alive", 8), 1900);
        gateway.Advance(Second);
        Assert.Single(gateway.Table);
        Assert.Contains(gateway.Sent, m => m is PortMapHttp { Url.Port: 5001 });
    }

    [Fact]
    public void UPnP_a_gateway_that_said_goodbye_and_is_back_is_asked_at_once()
    {
        FakeGateway gateway = Mapped(upnp: true);
        gateway.Deliver(FakeGateway.Notice("ssdp:byebye", 7), 1900);
        gateway.Reboot();
        gateway.Deliver(FakeGateway.Notice("ssdp:alive", 7), 1900);
        gateway.Advance(Second);
        Assert.Single(gateway.Table);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_new_start_that_is_told_in_another_protocol_counts_for_all(bool pmp, bool pcp)
    {
        FakeGateway gateway = Mapped(pmp, pcp);
        gateway.Deliver(FakeGateway.Notice("ssdp:alive", 7), 1900);
        gateway.Reboot();
        gateway.Deliver(FakeGateway.Notice("ssdp:alive", 8), 1900);
        Assert.Single(gateway.Table);
        gateway.Advance(TimeSpan.FromMinutes(1));
        gateway.Reboot();
        gateway.Deliver(pmp ? gateway.PcpAnnounce() : gateway.NatPmpAddress());
        Assert.Single(gateway.Table);
    }

    [Fact]
    public void An_announcement_that_says_nothing_new_costs_nothing()
    {
        FakeGateway gateway = Mapped(pmp: true);
        gateway.Sent.Clear();
        for (int i = 0; i < 100; i++)
        {
            gateway.Advance(Second);
            gateway.Deliver(gateway.NatPmpAddress());
        }

        Assert.Empty(gateway.Sent);
    }

    [Fact]
    public void A_gateway_whose_clock_jumps_all_the_time_makes_us_ask_every_five_seconds_at_most()
    {
        FakeGateway gateway = Mapped(pcp: true);
        gateway.Sent.Clear();
        for (int i = 0; i < 600; i++)
        {
            gateway.Advance(Second / 10);
            gateway.Reboot();
            gateway.Deliver(gateway.PcpAnnounce());
        }

        Assert.InRange(gateway.Sent.Count, 1, 13);
    }

    [Fact]
    public void After_a_long_sleep_the_mapping_is_looked_after_at_once()
    {
        FakeGateway gateway = Mapped(pmp: true);
        gateway.Reboot();
        gateway.Mapper.Verify(gateway.NowMs);
        gateway.Pump();
        Assert.Single(gateway.Table);
    }

    [Fact]
    public void Only_the_gateways_own_datagrams_count()
    {
        FakeGateway gateway = Mapped(pmp: true);
        gateway.External = IPAddress.Parse("6.6.6.6");
        gateway.Reboot();
        gateway.Sent.Clear();
        gateway.Deliver(gateway.NatPmpAddress(), from: IPAddress.Parse("192.168.1.66"));
        gateway.Deliver(gateway.NatPmpAddress(), port: 4444);
        Assert.Empty(gateway.Sent);
        Assert.Equal("45.66.77.88:41641", gateway.Mapper.Current?.External.ToString());
        Assert.Equal(1, gateway.Mapper.Strangers);
    }
}
