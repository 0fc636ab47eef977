using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using MeshIoT.Node.Engine;

namespace MeshIoT.Paths.Tests.Simulation;

/// <summary>
/// A stand-in for the programs of a machine: asks a peer something every so often, over UDP inside the tunnel, and answers what it is
/// asked. Keeps when answers came.
/// </summary>
sealed class VirtualHost(VirtualNet net, VirtualNode node) : HostLink
{
    const int PacketLength = 128, HeaderLength = 28;
    const byte Question = 1, Answer = 2;

    readonly Queue<byte[]> toSend = new();
    VirtualNode? peer;
    long everyMs, number, nextMs = long.MaxValue;

    /// <summary>When an answer last came; -1: never.</summary>
    public long AnsweredMs { get; private set; } = -1;

    /// <summary>Answers so far.</summary>
    public long Answers { get; private set; }

    /// <summary>Questions asked here that arrived, repetitions included.</summary>
    public long Asked { get; private set; }

    /// <summary>The longest time between two answers since <see cref="MarkMs"/>.</summary>
    public long LongestGapMs { get; private set; }

    public long MarkMs { get; private set; }

    public long NextSendMs => toSend.Count > 0 ? net.NowMs : nextMs;

    /// <summary>Begins to ask a peer; null: ends.</summary>
    public void Talk(VirtualNode? to, long interval)
    {
        peer = to;
        everyMs = interval;
        nextMs = to is null ? long.MaxValue : net.NowMs;
    }

    /// <summary>Gaps are counted from now.</summary>
    public void Mark()
    {
        MarkMs = net.NowMs;
        LongestGapMs = 0;
    }

    /// <summary>The longest gap, the one that is under way included.</summary>
    public long GapMs => Math.Max(LongestGapMs, net.NowMs - Math.Max(AnsweredMs, MarkMs));

    public override int Read(byte[] buffer, int offset, long nowMs)
    {
        if (peer is not null && net.NowMs >= nextMs)
        {
            nextMs = net.NowMs + everyMs;
            toSend.Enqueue(Make(peer, Question, ++number));
        }

        if (!toSend.TryDequeue(out byte[]? packet))
        {
            return 0;
        }

        packet.CopyTo(buffer, offset);
        return packet.Length;
    }

    public override void Deliver(byte[] packet, int offset, int length, long nowMs)
    {
        ReadOnlySpan<byte> payload = packet.AsSpan(offset + HeaderLength, length - HeaderLength);
        if (payload[0] == Question)
        {
            Asked++;
            foreach (VirtualNode asker in net.Nodes)
            {
                if (asker.Number == packet[offset + 15])
                {
                    toSend.Enqueue(Make(asker, Answer, BinaryPrimitives.ReadInt64BigEndian(payload[1..])));
                }
            }

            return;
        }

        Answers++;
        LongestGapMs = Math.Max(LongestGapMs, net.NowMs - Math.Max(AnsweredMs, MarkMs));
        AnsweredMs = net.NowMs;
    }

    public override void Dispose()
    {
    }

    byte[] Make(VirtualNode to, byte kind, long which)
    {
        byte[] packet = new byte[PacketLength];
        IPPacket.WriteHeader(packet, 17, node.Inner.GetAddressBytes(), to.Inner.GetAddressBytes(), PacketLength - 20);
        packet[21] = packet[23] = 7;
        packet[25] = PacketLength - 20;
        packet[HeaderLength] = kind;
        BinaryPrimitives.WriteInt64BigEndian(packet.AsSpan(HeaderLength + 1), which);
        return packet;
    }
}
