using System;
using System.Linq;
using MeshIoT.Paths.NetCheck;
using Xunit;
using static MeshIoT.Paths.Tests.NetCheck.Places;

namespace MeshIoT.Paths.Tests.NetCheck;

/// <summary>A check from its first request to its report, on a virtual clock.</summary>
public class NetCheckRunTests
{
    static readonly NetCheckOptions OnlyV4 = new() { HaveV6 = false };

    readonly NetChecker checker = new(new SeededRandom(1));

    static TimeSpan Ms(double ms) => TimeSpan.FromMilliseconds(ms);

    NetCheckReport Check(VirtualServers world, ProbeMap map, NetCheckOptions? options = null, int home = 0, bool connected = true)
    {
        NetCheckRun run = checker.Begin(map, home, options ?? new NetCheckOptions(), world.Now);
        world.Run(run);
        return checker.End(run, map, new HomeContext { Current = home, CoordinatorConnected = connected }, world.Now);
    }

    [Fact]
    public void Two_regions_over_both_families_are_measured_and_the_nearer_becomes_home()
    {
        VirtualServers world = new VirtualServers().AddRegions((1, 30), (2, 20));
        NetCheckReport report = Check(world, Map(1, 2));
        Assert.True(report is { IsFull: true, Udp: true, IPv4: true, IPv6: true, IPv4CanSend: true, IPv6CanSend: true, MappingVariesByDestIP: false, PreferredDerp: 2 });
        Assert.Equal(["203.0.113.7:41641"], report.GlobalV4.Select(static e => e.ToString()));
        Assert.Equal(["[2001:db8:f::7]:41641"], report.GlobalV6.Select(static e => e.ToString()));
        Assert.Equal([Ms(30), Ms(20)], report.Regions.Select(static r => r.V4));
        Assert.Equal([Ms(31), Ms(21)], report.Regions.Select(static r => r.V6));
        Assert.Equal(4, report.RequestsSent);
        Assert.Equal(Ms(31), world.Took);
    }

    [Fact]
    public void A_lost_request_is_repeated_after_100_ms()
    {
        VirtualServers world = new VirtualServers().Add("198.51.100.1:3478", 30, lost: 2);
        NetCheckReport report = Check(world, Map(1), OnlyV4);
        Assert.Equal([Ms(0), Ms(100), Ms(200)], world.Sent.Select(static s => s.After));
        Assert.Equal(Ms(30), report.Regions.Single().V4);
        Assert.Equal(Ms(230), world.Took);
    }

    [Fact]
    public void After_three_regions_the_others_get_twice_the_slowest_answer_and_no_more()
    {
        VirtualServers world = new VirtualServers().AddRegions((1, 10), (2, 20), (3, 40), (4, 100), (5, 400));
        NetCheckReport report = Check(world, Map(1, 2, 3, 4, 5), OnlyV4);
        Assert.Equal(Ms(120), world.Took);
        Assert.Equal([1, 2, 3, 4], report.Regions.Where(static r => r.V4 is not null).Select(static r => r.RegionId));
        Assert.Equal(5, report.Regions.Count);
        Assert.All(report.Regions, static r => Assert.False(r.IsSilent, "not waited for is not silent"));
    }

    [Fact]
    public void A_person_who_asks_hears_of_every_region()
    {
        VirtualServers world = new VirtualServers().AddRegions((1, 10), (2, 20), (3, 40), (4, 100), (5, 400));
        NetCheckReport report = Check(world, Map(1, 2, 3, 4, 5), OnlyV4 with { EveryRegion = true });
        Assert.All(report.Regions, static r => Assert.NotNull(r.V4));
    }

    [Fact]
    public void A_silent_region_among_others_is_given_up_after_a_second()
    {
        VirtualServers world = new VirtualServers().AddRegions((1, 10));
        NetCheckReport report = Check(world, Map(1, 2), OnlyV4);
        Assert.Equal(Ms(1200), world.Took);
        Assert.Null(report.Regions[1].Latency);
        Assert.Equal([false, true], report.Regions.Select(static r => r.IsSilent));
        Assert.Equal(1, report.PreferredDerp);
    }

    [Fact]
    public void A_slow_network_is_given_time()
    {
        VirtualServers world = new VirtualServers().AddRegions((1, 900), (2, 2500));
        NetCheckReport report = Check(world, Map(1, 2), OnlyV4);
        Assert.Equal([Ms(900), Ms(2500)], report.Regions.Select(static r => r.V4));
        Assert.Empty(world.HttpsAsked);
    }

    [Fact]
    public void The_second_check_asks_little()
    {
        VirtualServers world = new VirtualServers().AddRegions((1, 10), (2, 20), (3, 40), (4, 100), (5, 400));
        Check(world, Map(1, 2, 3, 4, 5), OnlyV4);
        world.Sent.Clear();
        world.Pass(23);
        NetCheckReport report = Check(world, Map(1, 2, 3, 4, 5), OnlyV4, home: 1);
        Assert.False(report.IsFull);
        Assert.Equal(["198.51.100.1:3478", "198.51.100.2:3478", "198.51.100.3:3478"], world.Sent.Select(static s => s.To));
        world.Pass(301);
        Assert.True(Check(world, Map(1, 2, 3, 4, 5), OnlyV4, home: 1).IsFull);
    }

    [Fact]
    public void Where_UDP_is_blocked_HTTPS_measures_and_chooses()
    {
        VirtualServers world = new();
        (world.HttpsMs[1], world.HttpsMs[2]) = (80, 50);
        NetCheckReport report = Check(world, Map(1, 2, 3), OnlyV4);
        Assert.True(report is { Udp: false, IPv4: false, IPv4CanSend: true, PreferredDerp: 2, MappingVariesByDestIP: null });
        Assert.Equal([1, 2, 3], world.HttpsAsked);
        Assert.Equal([Ms(80), Ms(50), null], report.Regions.Select(static r => r.Https));
        Assert.Equal(Ms(6200), world.Took);
    }

    [Fact]
    public void HTTPS_is_asked_after_little_more_than_a_second_and_the_check_waits_for_STUN_all_the_same()
    {
        VirtualServers world = new();
        world.HttpsMs[1] = 50;
        Check(world, Map(1), OnlyV4);
        Assert.Equal(Ms(3000), world.Took);
    }

    [Fact]
    public void A_late_STUN_answer_ends_the_wait_for_HTTPS()
    {
        VirtualServers world = new VirtualServers().AddRegions((1, 2000));
        NetCheckReport report = Check(world, Map(1), OnlyV4);
        Assert.Equal([1], world.HttpsAsked);
        Assert.True(report.Udp);
        Assert.Equal(Ms(2000), world.Took);
    }

    [Fact]
    public void A_relay_without_STUN_is_measured_by_HTTPS_at_once()
    {
        VirtualServers world = new();
        world.HttpsMs[1] = 50;
        NetCheckReport report = Check(world, new ProbeMap([Region(1) with { Nodes = [] }]));
        Assert.True(report is { Udp: false, RequestsSent: 0, PreferredDerp: 1 });
        Assert.Equal(Ms(150), world.Took);
    }

    [Fact]
    public void A_node_that_is_to_use_HTTPS_only_sends_no_datagram()
    {
        VirtualServers world = new VirtualServers().AddRegions((1, 10));
        world.HttpsMs[1] = 50;
        NetCheckReport report = Check(world, Map(1), new NetCheckOptions { OnlyHttps = true });
        Assert.Empty(world.Sent);
        Assert.Equal(Ms(50), report.Regions.Single().Https);
    }

    [Fact]
    public void A_look_whether_UDP_is_back_costs_no_connection()
    {
        VirtualServers world = new();
        NetCheckReport report = Check(world, Map(1), OnlyV4 with { OnlyStun = true });
        Assert.Empty(world.HttpsAsked);
        Assert.True(report is { Udp: false, Regions: [{ IsSilent: true }] });
        Assert.Equal(Ms(3000), world.Took);
    }

    [Fact]
    public void Later_blocked_checks_ask_few_regions_by_HTTPS()
    {
        VirtualServers world = new();
        for (int region = 1; region <= 20; region++)
        {
            world.HttpsMs[region] = region * 10;
        }

        ProbeMap map = Map([.. Enumerable.Range(1, 20)]);
        Assert.Equal(1, Check(world, map, OnlyV4).PreferredDerp);
        world.HttpsAsked.Clear();
        world.Pass(301);
        Check(world, map, OnlyV4, home: 1);
        Assert.Equal([1, 2, 3], world.HttpsAsked);
    }

    [Fact]
    public void What_the_system_will_not_send_is_not_waited_for()
    {
        VirtualServers world = new VirtualServers { RefusesV6 = true }.Add("198.51.100.1:3478", 10);
        NetCheckReport report = Check(world, Map(1));
        Assert.True(report is { IPv4CanSend: true, IPv6CanSend: false, IPv6: false });
        Assert.InRange(world.Took, Ms(10), Ms(210));
    }

    [Fact]
    public void A_machine_that_refuses_all_datagrams_has_asked_all_the_same_and_goes_on_to_HTTPS_at_once()
    {
        VirtualServers world = new() { RefusesV6 = true };
        world.HttpsMs[1] = 50;
        NetCheckReport report = Check(world, Map(1), new NetCheckOptions { HaveV4 = false });
        Assert.True(report is { RequestsSent: 3, IPv6CanSend: false, Udp: false, PreferredDerp: 1 });
        Assert.Equal(Ms(350), world.Took);
    }

    [Fact]
    public void An_empty_map_ends_at_once()
    {
        VirtualServers world = new();
        NetCheckReport report = Check(world, ProbeMap.Empty);
        Assert.True(report is { PreferredDerp: 0, Udp: false, Regions.Count: 0 });
        Assert.Equal(TimeSpan.Zero, world.Took);
    }

    [Fact]
    public void Another_network_is_looked_at_as_a_whole()
    {
        VirtualServers world = new VirtualServers().AddRegions((1, 10), (2, 300));
        Check(world, Map(1, 2), OnlyV4);
        checker.NetworkChanged();
        world.AddRegions((1, 300), (2, 10));
        NetCheckReport report = Check(world, Map(1, 2), OnlyV4, home: 1);
        Assert.True(report is { IsFull: true, PreferredDerp: 2 });
    }

    [Fact]
    public void Three_servers_three_ports_is_a_hard_NAT()
    {
        VirtualServers world = new();
        for (int i = 1; i <= 3; i++)
        {
            byte[] seen = Endpoint($"203.0.113.7:{5000 + i}");
            world.Add($"198.51.100.{i}:3478", 10 * i, (_, _, transaction) => LyingServerTests.Answer(transaction, seen));
        }

        NetCheckReport report = Check(world, Map(1, 2, 3), OnlyV4);
        Assert.True(report.MappingVariesByDestIP);
        Assert.Equal(["203.0.113.7:5001"], report.GlobalV4.Select(static e => e.ToString()));
    }

    [Fact]
    public void One_server_alone_cannot_say_whether_the_mapping_varies() =>
        Assert.Null(Check(new VirtualServers().AddRegions((1, 10)), Map(1), OnlyV4).MappingVariesByDestIP);

    [Fact]
    public void A_relay_on_the_own_network_does_not_make_the_NAT_a_hard_one()
    {
        ProbeMap map = new([Region(1), Region(2) with { Nodes = [new ProbeNode(Endpoint("192.168.1.2:3478"), null)] }]);
        VirtualServers world = new VirtualServers().AddRegions((1, 20))
            .Add("192.168.1.2:3478", 1, (_, _, transaction) => LyingServerTests.Answer(transaction, Endpoint("192.168.1.9:41641")));
        NetCheckReport report = Check(world, map, OnlyV4);
        Assert.Null(report.MappingVariesByDestIP);
        Assert.Equal(["203.0.113.7:41641"], report.GlobalV4.Select(static e => e.ToString()));
    }
}
