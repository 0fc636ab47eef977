using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Node.Network;
using MeshIoT.Node.Session;
using MeshIoT.Paths.NetCheck;
using MeshIoT.Tailcfg;
using MeshIoT.Tests;
using Xunit;

namespace MeshIoT.Node.Tests;

/// <summary>The scout with a real engine and real STUN servers on loopback; its time is the test's.</summary>
public sealed class NetworkScoutTests : IAsyncDisposable
{
    readonly EngineHarness harness = new(1);
    readonly ManualTime time = new();
    readonly RecordingRelays relays = new();
    readonly HealthBoard health = new(static () => { });
    readonly CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
    readonly LoopbackStun one = new(), two = new();
    readonly OwnEndpoints local;
    readonly NetworkScout scout;

    public NetworkScoutTests()
    {
        local = new OwnEndpoints(IPAddress.Loopback, harness.Port.LocalPort, null);
        scout = new NetworkScout(
            harness.Engine, local, health, new SystemRandomSource(),
            new TailnetNodeOptions { StateDirectory = "/nowhere", Clock = time }, static () => { }) { Relays = relays };
    }

    public async ValueTask DisposeAsync()
    {
        await scout.DisposeAsync();
        harness.Dispose();
        await one.DisposeAsync();
        await two.DisposeAsync();
        limit.Dispose();
    }

    void Start(DerpMap map, int homeOfBefore = 0)
    {
        harness.Engine.Start();
        scout.Start();
        Follow(map, homeOfBefore);
    }

    void Follow(DerpMap map, int homeOfBefore = 0) => scout.Follow(map, homeOfBefore, [IPAddress.Parse("100.64.0.1")], harness.Key.PublicKey, hasPeers: true);

    // Small steps first, with at least as much real time between them: the clock is not ahead of what is really on its way. Answers on
    // loopback are there long before the steps grow.
    async Task UntilAsync(Func<bool> wished, double stepMs = 0)
    {
        for (int steps = 0; !wished(); steps++)
        {
            time.Advance(TimeSpan.FromMilliseconds(stepMs > 0 ? stepMs : steps < 200 ? 1 : 10));
            await Task.Delay(1, limit.Token);
        }
    }

    // Nothing is on its way; the schedule leaves two seconds between checks.
    void Pass(double seconds = 3) => time.Advance(TimeSpan.FromSeconds(seconds));

    async Task<NetCheckReport> NextReportAsync(NetCheckReport? before = null, double stepMs = 0)
    {
        await UntilAsync(() => scout.Report is { } now && !ReferenceEquals(now, before), stepMs);
        return scout.Report!;
    }

    static DerpMap Only(DerpMap map, params int[] regions) => new() { Regions = map.Regions!.Where(entry => regions.Contains(entry.Key)).ToDictionary() };

    [Fact]
    public async Task The_own_port_is_what_the_servers_see_and_the_nearest_region_is_home()
    {
        Start(LoopbackStun.MapOf(one, two));
        NetCheckReport report = await NextReportAsync();
        IPEndPoint own = new(IPAddress.Loopback, harness.Port.LocalPort);
        Assert.True(report is { Udp: true, IsFull: true, MappingVariesByDestIP: false or null });
        Assert.Equal([own], report.GlobalV4);
        Assert.Contains(report.PreferredDerp, new[] { 1, 2 });
        Assert.Equal(time.GetUtcNow(), report.At, TimeSpan.FromSeconds(5));
        Assert.Equal((own, EndpointType.Stun), (scout.Current.Endpoints[0].Address, scout.Current.Endpoints[0].Type));
        NetInfo info = scout.Current.Info!;
        Assert.Equal(report.PreferredDerp, info.PreferredDERP);
        Assert.True(info is { WorkingUDP: true, WorkingIPv6: false });
        Assert.Contains($"{report.PreferredDerp}-v4", info.DERPLatency!.Keys);
        Assert.True(scout.IsFresh);
        Assert.Equal(18, scout.Places.Packed.Length);
        Assert.Empty(health.Current);
    }

    [Fact]
    public async Task Relay_connections_are_tested_when_the_router_gives_the_port_another_place()
    {
        one.Claim = new IPEndPoint(IPAddress.Parse("203.0.113.5"), 41641);
        Start(Only(LoopbackStun.MapOf(one, two), 1));
        NetCheckReport first = await NextReportAsync();
        Assert.Equal([one.Claim], first.GlobalV4);
        Pass();
        scout.Want();
        NetCheckReport second = await NextReportAsync(first);
        Assert.Equal(0, relays.Remaps);
        one.Claim = new IPEndPoint(IPAddress.Parse("203.0.113.5"), 51641);
        Pass();
        scout.Want();
        await NextReportAsync(second);
        Assert.True(relays.Remaps > 0);
    }

    [Fact]
    public async Task A_first_home_is_taken_at_once_and_another_one_only_after_the_coordinator_was_told()
    {
        scout.Connected(true);
        DerpMap map = LoopbackStun.MapOf(one, two);
        Start(Only(map, 1));
        NetCheckReport first = await NextReportAsync();
        Assert.Equal([1], relays.Homes);
        scout.Told(scout.Current);

        Pass();
        Follow(Only(map, 2));
        await NextReportAsync(first);
        await UntilAsync(() => scout.Current.Home == 2);
        Assert.Equal(1, scout.Home);
        Assert.Equal([1], relays.Homes);
        scout.Told(scout.Current);
        Assert.Equal([1, 2], relays.Homes);
        Assert.Equal(2, scout.Home);
    }

    [Fact]
    public async Task What_was_told_before_the_choice_changed_moves_nobody()
    {
        scout.Connected(true);
        DerpMap map = LoopbackStun.MapOf(one, two);
        Start(Only(map, 1));
        NetCheckReport first = await NextReportAsync();
        OwnNetwork old = scout.Current;
        Pass();
        Follow(Only(map, 2));
        await NextReportAsync(first);
        await UntilAsync(() => scout.Current.Home == 2);
        scout.Told(scout.Current);
        scout.Told(old);
        Assert.Equal([1, 2], relays.Homes);
    }

    [Fact]
    public async Task The_home_of_before_the_start_is_home_until_a_check_says_otherwise()
    {
        one.IsSilent = two.IsSilent = true;
        Start(LoopbackStun.MapOf(one, two), homeOfBefore: 2);
        Assert.Equal([2], relays.Homes);
        Assert.Equal(2, scout.Current.Home);
        Assert.Equal(2, (await NextReportAsync(stepMs: 100)).PreferredDerp);
    }

    [Fact]
    public void The_only_region_there_is_needs_no_measuring()
    {
        one.IsSilent = true;
        Start(LoopbackStun.MapOf(one));
        Assert.Equal([1], relays.Homes);
        Assert.Equal(1, scout.Current.Home);
    }

    [Fact]
    public async Task Endpoints_do_not_wait_for_a_region_that_is_silent()
    {
        two.IsSilent = true;
        Start(LoopbackStun.MapOf(one, two));
        await UntilAsync(() => scout.IsFresh);
        Assert.Null(scout.Report);
        Assert.Equal(EndpointType.Stun, scout.Current.Endpoints[0].Type);
        Assert.Equal(18, scout.Places.Packed.Length);
        await NextReportAsync();
    }

    [Fact]
    public async Task A_hard_NAT_is_told_until_the_router_maps_a_port()
    {
        one.Claim = IPEndPoint.Parse("203.0.113.7:1001");
        two.Claim = IPEndPoint.Parse("203.0.113.7:1002");
        Start(LoopbackStun.MapOf(one, two));
        Assert.True((await NextReportAsync()).MappingVariesByDestIP);
        Assert.Equal([Faults.HardNat], health.Current.Select(static f => f.Fault));
        scout.PortMapChanged(new PortMapView { Mapped = [IPEndPoint.Parse("203.0.113.7:41641")], Pcp = true });
        Assert.Empty(health.Current);
        Assert.True(scout.Report is { HavePortMap: true, Pcp: true });
    }

    [Fact]
    public async Task While_the_coordinator_is_away_the_home_stays()
    {
        DerpMap map = LoopbackStun.MapOf(one, two);
        Start(map);
        NetCheckReport first = await NextReportAsync();
        int home = first.PreferredDerp;
        (home == 1 ? one : two).IsSilent = true;
        Pass();
        scout.Want();
        NetCheckReport second = await NextReportAsync(first);
        Assert.Equal(home, second.PreferredDerp);

        scout.Connected(true);
        Pass();
        scout.Want();
        Assert.Equal(3 - home, (await NextReportAsync(second)).PreferredDerp);
    }

    [Fact]
    public async Task A_relay_that_is_lost_makes_the_node_look_and_choose_another()
    {
        scout.Connected(true);
        Start(LoopbackStun.MapOf(one, two));
        NetCheckReport first = await NextReportAsync();
        relays.Down.Add(first.PreferredDerp);
        Pass();
        scout.Want();
        Assert.Equal(3 - first.PreferredDerp, (await NextReportAsync(first)).PreferredDerp);
    }

    [Fact]
    public async Task Silence_is_told_with_a_next_step_and_the_fault_goes_by_itself()
    {
        one.IsSilent = two.IsSilent = true;
        Start(LoopbackStun.MapOf(one, two), homeOfBefore: 1);
        NetCheckReport report = await NextReportAsync(stepMs: 100);
        await UntilAsync(() => health.Current.Count > 0);
        Assert.Equal([Faults.NoRelayAnswers], health.Current.Select(static f => f.Fault));

        two.IsSilent = false;
        Pass();
        scout.Want();
        await UntilAsync(() => health.Current.Any(static f => f.Fault == Faults.StunSilent));
        Assert.Contains("r1", health.Current.Single().Message);

        // Nobody asks for it: when the home is silent, the node looks by itself ten minutes later.
        one.IsSilent = false;
        Pass(9.99 * 60);
        await UntilAsync(() => health.Current.Count == 0);
        Assert.NotSame(report, scout.Report);
    }

    [Fact]
    public async Task Where_only_HTTPS_answers_UDP_is_called_blocked()
    {
        one.IsSilent = two.IsSilent = true;
        scout.MeasureHttps = static (region, _) => Task.FromResult<TimeSpan?>(TimeSpan.FromMilliseconds(region.RegionID == 2 ? 20 : 80));
        Start(LoopbackStun.MapOf(one, two));
        NetCheckReport report = await NextReportAsync(stepMs: 100);
        Assert.True(report is { Udp: false, PreferredDerp: 2 });
        await UntilAsync(() => health.Current.Count > 0 && relays.Homes.Count > 0);
        Assert.Equal([Faults.UdpBlocked], health.Current.Select(static f => f.Fault));
        Assert.Equal([2], relays.Homes);
    }

    [Fact]
    public async Task A_way_over_HTTPS_that_fails_is_no_more_than_no_answer()
    {
        one.IsSilent = true;
        scout.MeasureHttps = static (_, _) => throw new InvalidOperationException("broken");
        Start(LoopbackStun.MapOf(one));
        Assert.False((await NextReportAsync(stepMs: 100)).Udp);
    }

    [Fact]
    public async Task A_person_gets_a_full_check_at_once()
    {
        Start(LoopbackStun.MapOf(one, two));
        NetCheckReport first = await NextReportAsync();
        time.Advance(TimeSpan.FromSeconds(10));
        Task<NetCheckReport> asked = scout.CheckAsync(limit.Token);
        await UntilAsync(() => asked.IsCompleted);
        NetCheckReport report = await asked;
        Assert.NotSame(first, report);
        Assert.True(report is { IsFull: true, Regions.Count: 2 });
        Assert.All(report.Regions, static region => Assert.NotNull(region.V4));
    }

    [Fact]
    public async Task Without_relays_a_check_ends_at_once_and_says_nothing()
    {
        Start(new DerpMap());
        Task<NetCheckReport> asked = scout.CheckAsync(limit.Token);
        await UntilAsync(() => asked.IsCompleted);
        Assert.True(await asked is { Udp: false, RequestsSent: 0, PreferredDerp: 0, Regions.Count: 0 });
        Assert.Empty(health.Current);
        Assert.Single(scout.Current.Endpoints);
    }

    [Fact]
    public async Task A_node_that_nobody_talks_to_sends_no_STUN_all_day()
    {
        Start(LoopbackStun.MapOf(one, two));
        NetCheckReport first = await NextReportAsync();
        for (int minute = 0; minute < 24 * 60; minute++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            if (minute % 30 == 0)
            {
                await Task.Delay(1, limit.Token);
            }
        }

        // A marker that is looked at after all that: once it is through, whatever was due would have been sent.
        Task<NetCheckReport> asked = scout.CheckAsync(limit.Token);
        await UntilAsync(() => asked.IsCompleted);
        Assert.Equal(first.RequestsSent + (await asked).RequestsSent, one.Requests + two.Requests);
    }

    [Fact]
    public async Task A_server_that_names_a_multicast_address_is_not_believed()
    {
        one.Claim = new IPEndPoint(IPAddress.Parse("224.0.0.1"), 1);
        Start(LoopbackStun.MapOf(one));
        NetCheckReport report = await NextReportAsync();
        Assert.Empty(report.GlobalV4);
        Assert.Equal(1, report.IgnoredResponses);
        Assert.Equal([EndpointType.Local], scout.Current.Endpoints.Select(static e => e.Type));
    }

    [Fact]
    public async Task Leaving_the_tailnet_closes_the_home()
    {
        Start(LoopbackStun.MapOf(one));
        await NextReportAsync();
        scout.Leave();
        Assert.Equal([1, 0], relays.Homes);
        Assert.Equal(0, scout.Current.Home);
    }

    [Fact]
    public async Task What_was_seen_through_an_address_that_is_gone_is_told_no_more()
    {
        one.Claim = IPEndPoint.Parse("203.0.113.7:41641");
        Start(LoopbackStun.MapOf(one));
        NetCheckReport first = await NextReportAsync();
        Assert.Equal(one.Claim, scout.Current.Endpoints[0].Address);

        Pass();
        one.IsSilent = true;
        local.Port = 9;
        scout.LinkChanged();
        Assert.False(scout.IsFresh);
        await UntilAsync(() => scout.Current.Endpoints.Count == 1);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 9), scout.Current.Endpoints[0].Address);

        // And the network is looked at as a whole, unasked.
        one.IsSilent = false;
        await UntilAsync(() => scout.Current.Endpoints.Count == 2);
        Assert.Equal(one.Claim, scout.Current.Endpoints[0].Address);
    }

    [Fact]
    public async Task Port_mappings_stand_first()
    {
        Start(LoopbackStun.MapOf(one));
        await NextReportAsync();
        IPEndPoint mapped = IPEndPoint.Parse("203.0.113.5:1234");
        scout.PortMapChanged(new PortMapView { Mapped = [mapped], Pmp = true });
        Assert.Equal((mapped, EndpointType.Portmapped), (scout.Current.Endpoints[0].Address, scout.Current.Endpoints[0].Type));
        Assert.True(scout.Current.Info is { HavePortMap: true, PMP: true, UPnP: null });
    }

    sealed class RecordingRelays : RelayView
    {
        public List<int> Homes { get; } = [];

        public HashSet<int> Down { get; } = [];

        public int Remaps { get; private set; }

        public override void SetHome(int region) => Homes.Add(region);

        public override void Remapped() => Remaps++;

        public override TimeSpan? SinceHeard(int region) => null;

        public override bool IsDown(int region) => Down.Contains(region);
    }
}
