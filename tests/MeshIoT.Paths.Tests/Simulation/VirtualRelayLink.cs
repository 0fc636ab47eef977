using System;
using System.Collections.Generic;
using MeshIoT.Crypto;
using MeshIoT.Derp;

namespace MeshIoT.Paths.Tests.Simulation;

/// <summary>A node's connections to the virtual relays, in place of the pool: home always, others on demand, short queues while connecting.</summary>
sealed class VirtualRelayLink(VirtualNet net, NodePublicKey key, int delayMs) : DerpSender
{
    const int MostWaiting = 32;

    readonly Dictionary<int, Queue<(NodePublicKey To, byte[] Bytes)>> waiting = [];
    readonly HashSet<int> open = [], dialling = [];
    bool closed;

    public NodePublicKey Key { get; } = key;

    public int DelayMs { get; } = delayMs;

    public DerpReceiver? Receiver { get; set; }

    /// <summary>Sees what is sent.</summary>
    public Action<byte[]>? Tap { get; set; }

    public int Home { get; private set; }

    public long SentPackets { get; private set; }

    public long SentBytes { get; private set; }

    public long ReceivedBytes { get; private set; }

    /// <summary>What each packet takes longer by this relay than a datagram does.</summary>
    public int SlowMs { get; set; }

    /// <summary>The home that others are told of, without a connection to it.</summary>
    public void Announce(int region) => Home = region;

    public void SetHome(int region)
    {
        Home = region;
        Dial(region);
    }

    public void Close()
    {
        closed = true;
        foreach (int region in open)
        {
            net.Relays.Disconnect(region, this);
        }

        open.Clear();
    }

    public override bool Send(int region, NodePublicKey destination, ReadOnlySpan<byte> packet, bool more = false)
    {
        byte[] bytes = packet.ToArray();
        SentPackets++;
        Tap?.Invoke(bytes);
        SentBytes += bytes.Length + 37;
        if (open.Contains(region))
        {
            net.Later(DelayMs + SlowMs, () => net.Relays.Forward(region, this, destination, bytes));
            return true;
        }

        if (!waiting.TryGetValue(region, out Queue<(NodePublicKey, byte[])>? queue))
        {
            waiting[region] = queue = new();
        }

        queue.Enqueue((destination, bytes));
        if (queue.Count > MostWaiting)
        {
            queue.Dequeue();
        }

        Dial(region);
        return true;
    }

    public override void Flush()
    {
    }

    public override bool IsConnected(int region) => open.Contains(region);

    public void Lost(int region)
    {
        open.Remove(region);
        Receiver?.StateChanged(region);
        if (region == Home)
        {
            Dial(region);
        }
    }

    public void Gone(int region, NodePublicKey peer)
    {
        if (!closed)
        {
            Receiver?.PeerGone(region, peer, PeerGoneReason.NotHere);
        }
    }

    public void Arrive(int region, NodePublicKey from, byte[] bytes)
    {
        if (closed)
        {
            return;
        }

        ReceivedBytes += bytes.Length + 37;
        byte[] buffer = new byte[32 + bytes.Length];
        from.CopyTo(buffer);
        bytes.CopyTo(buffer, 32);
        DerpBatch batch = new(buffer, null);
        batch.Start(region);
        batch.Add(new DerpPacket(32, bytes.Length));
        Receiver?.Receive(batch);
    }

    // Four round trips: TCP, TLS, upgrade, key exchange. Tried again while anybody wants it.
    void Dial(int region)
    {
        if (closed || region == 0 || open.Contains(region) || !dialling.Add(region))
        {
            return;
        }

        net.Later(8 * DelayMs, () =>
        {
            dialling.Remove(region);
            if (closed || open.Contains(region))
            {
                return;
            }

            if (!net.Relays.Connect(region, this))
            {
                waiting.Remove(region);
                if (region == Home)
                {
                    net.Later(1_000, () => Dial(region));
                }

                return;
            }

            open.Add(region);
            Receiver?.StateChanged(region);
            if (waiting.Remove(region, out Queue<(NodePublicKey To, byte[] Bytes)>? queue))
            {
                foreach ((NodePublicKey to, byte[] bytes) in queue)
                {
                    Send(region, to, bytes);
                }
            }
        });
    }
}
