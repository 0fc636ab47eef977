using System;
using System.Collections.Generic;
using MeshIoT.Crypto;
using MeshIoT.Derp;

namespace MeshIoT.Node.Tests;

/// <summary>A relay inside the test: what one engine gives it for a key, it hands to the engine that has the key. Its packets lie in pooled batches.</summary>
sealed class FakeRelay
{
    readonly Dictionary<NodePublicKey, EngineHarness> there = [];
    readonly Stack<DerpBatch> free = new();

    /// <summary>Nothing gets through while it is down.</summary>
    public bool IsDown { get; set; }

    public long Carried { get; private set; }

    public byte[]? Last { get; private set; }

    /// <summary>Keeps a copy of the last packet; off while allocations are counted.</summary>
    public bool Records { get; set; } = true;

    public void Join(EngineHarness node)
    {
        there[node.Key.PublicKey] = node;
        node.Engine.UseRelays(new Way(this, node.Key.PublicKey));
    }

    /// <summary>Brings a packet to a node in the name of a key, as a relay that lies could.</summary>
    public void Bring(EngineHarness to, int region, NodePublicKey from, ReadOnlySpan<byte> packet)
    {
        if (!free.TryPop(out DerpBatch? batch))
        {
            batch = new DerpBatch(new byte[8192], free.Push);
        }

        from.CopyTo(batch.Buffer);
        packet.CopyTo(batch.Buffer.AsSpan(32));
        batch.Start(region);
        batch.Add(new DerpPacket(32, packet.Length));
        to.Engine.Relayed.Receive(batch);
    }

    sealed class Way(FakeRelay relay, NodePublicKey self) : DerpSender
    {
        public override bool Send(int region, NodePublicKey destination, ReadOnlySpan<byte> packet, bool more = false)
        {
            if (relay.IsDown || !relay.there.TryGetValue(destination, out EngineHarness? to))
            {
                return true;
            }

            relay.Carried++;
            if (relay.Records)
            {
                relay.Last = packet.ToArray();
            }

            relay.Bring(to, region, self, packet);
            return true;
        }

        public override void Flush()
        {
        }

        public override bool IsConnected(int region) => !relay.IsDown;
    }
}
