using System;
using System.Diagnostics;
using System.Threading.Tasks;
using MeshIoT.Tailcfg;
using Xunit;

namespace MeshIoT.Control.Tests;

/// <summary>What a large tailnet costs.</summary>
[Collection(nameof(MeasuredAlone))]
public class NetmapMemoryTests(ITestOutputHelper output)
{
    const int Peers = 10_000;

    [Fact]
    public async Task Ten_thousand_peers_cost_less_than_a_kibibyte_each_and_their_frame_costs_nothing_beside_them()
    {
        // Once small, so that what is made once for all is not counted.
        await ReadAsync(10);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        Stopwatch watch = Stopwatch.StartNew();
        using LargeFrame stream = new(Peers);
        MapFrameReader reader = new(stream, new MapFrameLimits());
        MapFrame frame = (await reader.ReadAsync(TestContext.Current.CancellationToken))!;
        Netmap netmap = new NetmapBuilder().Apply(frame);
        TimeSpan took = watch.Elapsed;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        frame = null!;
        long live = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine($"{Peers} peers, frame of {stream.Sent} bytes: {live / Peers} bytes live a peer, {stream.MostLive / 1024} KiB more live at most while reading than before, {allocated / Peers} bytes allocated a peer, {took.TotalMilliseconds:0} ms");
        Assert.Equal(Peers, netmap.Peers.Count);
        Assert.InRange(live / Peers, 100, 1024);
        Assert.InRange(stream.MostLive - live, long.MinValue, 2 * 1024 * 1024);
        GC.KeepAlive(netmap);
    }

    [Fact]
    public async Task A_change_of_one_peer_among_ten_thousand_costs_little()
    {
        NetmapBuilder builder = new();
        using LargeFrame stream = new(Peers);
        builder.Apply((await new MapFrameReader(stream, new MapFrameLimits()).ReadAsync(TestContext.Current.CancellationToken))!);
        MapFrame change = MapFrame.From(new MapResponse { PeersChangedPatch = [new PeerChange { NodeID = 5000, DERPRegion = 76 }] });
        builder.Apply(change);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Netmap netmap = builder.Apply(MapFrame.From(new MapResponse { PeersChangedPatch = [new PeerChange { NodeID = 5001, DERPRegion = 77 }] }));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 * 1024);
        Assert.Equal(77, Assert.Single(netmap.Changes.Peers).HomeDERP);
    }

    static async Task ReadAsync(int count)
    {
        using LargeFrame stream = new(count);
        new NetmapBuilder().Apply((await new MapFrameReader(stream, new MapFrameLimits()).ReadAsync(TestContext.Current.CancellationToken))!);
    }
}
