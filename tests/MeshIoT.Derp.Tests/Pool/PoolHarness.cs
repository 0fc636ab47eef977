using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Tailcfg;
using MeshIoT.Tests;
using Xunit;

namespace MeshIoT.Derp.Tests;

/// <summary>A pool on a virtual clock, two regions (1 and 2, two relays each) and what the receiver heard.</summary>
sealed class PoolHarness : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly NodePrivateKey key = TestKeys.Key(1);

    public PoolHarness()
    {
        Pool = new(new() { Key = key, Receiver = Heard, Random = new TestKeys.SeededRandom(3), Time = Time, OpenStream = Network.Open });
        Pool.SetMap(Map(1, 2));
    }

    public ManualTime Time { get; } = new();

    public ScriptedNetwork Network { get; } = new();

    public Receiver Heard { get; } = new();

    public DerpPool Pool { get; }

    public NodePublicKey Self => key.PublicKey;

    public static DerpMap Map(params int[] regions) => new() { Regions = regions.ToDictionary(static id => id, Region) };

    public static DerpRegion? Region(int id) => new()
    {
        RegionID = id,
        RegionCode = "r" + id,
        Nodes = [new() { Name = id + "s", HostName = "stun.example", STUNOnly = true }, new() { Name = id + "a", HostName = $"a{id}.example" }, new() { Name = id + "b", HostName = $"b{id}.example" }],
    };

    public DerpRegionState State(int region) => Pool.StateOf(region)!;

    /// <summary>The next dial, let in.</summary>
    public async Task<ScriptedRelay> LetInAsync(ServerInfo? info = null)
    {
        ScriptedRelay relay = await Network.NextAsync();
        await relay.LetInAsync(info);
        await UntilAsync(() => Pool.States.Any(s => s.IsConnected && s.Node == relay.Node.Name));
        return relay;
    }

    /// <summary>Waits, in real time, for what other threads are about to do.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        using CancellationTokenSource limit = new(Patience);
        while (!condition())
        {
            Assert.False(limit.IsCancellationRequested, "it did not come about");
            await Task.Delay(2);
        }
    }

    /// <summary>Turns the clock in small steps until the condition holds; how much virtual time went by.</summary>
    public async Task<TimeSpan> AdvanceUntilAsync(Func<bool> condition, TimeSpan most)
    {
        TimeSpan step = TimeSpan.FromMilliseconds(250), gone = TimeSpan.Zero;
        for (; !condition(); gone += step)
        {
            Assert.True(gone <= most, $"not within {most} of virtual time");
            Time.Advance(step);
            await Task.Delay(1);
        }

        return gone;
    }

    public async Task AdvanceAsync(TimeSpan by)
    {
        for (DateTimeOffset end = Time.GetUtcNow() + by; Time.GetUtcNow() < end; await Task.Delay(1))
        {
            Time.Advance(TimeSpan.FromMilliseconds(500));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Pool.DisposeAsync();
        key.Dispose();
    }

    /// <summary>Notes what comes.</summary>
    public sealed class Receiver : DerpReceiver
    {
        public ConcurrentQueue<(int Region, NodePublicKey From, byte[] Packet)> Packets { get; } = new();

        public ConcurrentQueue<(int Region, NodePublicKey Peer, PeerGoneReason Reason)> Gone { get; } = new();

        public List<DerpBatch> Held { get; } = [];

        public volatile bool Holds;

        public override void Receive(DerpBatch batch)
        {
            foreach (DerpPacket packet in batch.Packets)
            {
                Packets.Enqueue((batch.Region, batch.SourceOf(packet), batch.BytesOf(packet).ToArray()));
            }

            if (Holds)
            {
                lock (Held)
                {
                    Held.Add(batch);
                }
            }
            else
            {
                batch.Buffer.AsSpan().Fill(0xdd);
                batch.Return();
            }
        }

        public override void PeerGone(int region, NodePublicKey peer, PeerGoneReason reason) => Gone.Enqueue((region, peer, reason));
    }
}
