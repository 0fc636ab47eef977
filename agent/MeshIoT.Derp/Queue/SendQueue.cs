using System;
using System.Threading;
using MeshIoT.Crypto;
using MeshIoT.Disco;

namespace MeshIoT.Derp;

/// <summary>
/// What waits for one region: the connection's own small frames, then path discovery, then data. Each part has a limit; a full one drops
/// its oldest. What has waited too long is of no use any more (handshakes repeat, TCP resends) and is dropped too: five seconds for what
/// waits for a connection, one second for data on a connection that is there, so that a slow link is not a late one as well. The limit
/// in bytes is for fast links: bursts of TCP fit in. Any thread.
/// </summary>
internal sealed class SendQueue
{
    const int MaxAgeMs = 5000, MaxDataAgeMs = 1000;

    const int ControlSize = 256, DiscoSize = 16 * 1024, DataSize = 512 * 1024;

    readonly Lock gate = new();
    readonly PacketRing disco = new(DiscoSize), data = new(DataSize);
    readonly byte[] control = new byte[ControlSize];
    int controlLength;
    bool isFlowing;

    /// <summary>Packets that were dropped here.</summary>
    public long Dropped
    {
        get
        {
            lock (gate)
            {
                return disco.Dropped + data.Dropped;
            }
        }
    }

    /// <summary>Puts a packet in; its length is at most <see cref="DerpFrames.LargestPacket"/>.</summary>
    public void Add(NodePublicKey destination, ReadOnlySpan<byte> packet, int nowMs)
    {
        bool isDisco = DiscoDatagram.IsDisco(packet) && disco.CanHold(packet.Length);
        lock (gate)
        {
            (isDisco ? disco : data).Add(destination, packet, nowMs);
        }
    }

    /// <summary>Puts one of the connection's own frames in; false when too many wait already.</summary>
    public bool AddControl(ReadOnlySpan<byte> frame)
    {
        lock (gate)
        {
            if (frame.Length > ControlSize - controlLength)
            {
                return false;
            }

            frame.CopyTo(control.AsSpan(controlLength));
            controlLength += frame.Length;
            return true;
        }
    }

    /// <summary>
    /// Fills the output, which has room for <see cref="ControlSize"/> bytes at least, with as many whole frames as fit.
    /// <paramref name="packets"/> of them are packets. <paramref name="left"/> is the size of a frame that is still there, 0 for none.
    /// </summary>
    public int Take(Span<byte> output, int nowMs, out int packets, out int left)
    {
        lock (gate)
        {
            control.AsSpan(0, controlLength).CopyTo(output);
            int at = controlLength;
            (controlLength, packets) = (0, 0);
            foreach (PacketRing ring in (ReadOnlySpan<PacketRing>)[disco, data])
            {
                while (ring.TryTake(output[at..], nowMs, isFlowing && ring == data ? MaxDataAgeMs : MaxAgeMs, out left))
                {
                    at += left;
                    packets++;
                }

                if (left > 0)
                {
                    return at;
                }
            }

            left = 0;
            isFlowing = true; // what had waited for the connection is out
            return at;
        }
    }

    /// <summary>Forgets the frames of a connection that is over; packets wait for the next one.</summary>
    public void ClearControl()
    {
        lock (gate)
        {
            controlLength = 0;
            isFlowing = false;
        }
    }

    /// <summary>Gives back what memory it does not use.</summary>
    public void Trim()
    {
        lock (gate)
        {
            disco.Trim();
            data.Trim();
        }
    }
}
