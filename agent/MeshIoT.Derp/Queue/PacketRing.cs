using System;
using System.Buffers.Binary;
using MeshIoT.Crypto;

namespace MeshIoT.Derp;

/// <summary>
/// Packets on their way out, as finished frames, each behind the time it was put in, in a ring of bytes that grows to a limit and drops
/// its oldest packet for the newest. Not for several threads at once.
/// </summary>
internal sealed class PacketRing(int capacity)
{
    const int TimeSize = 4, FirstSize = 4096;

    byte[] ring = [];
    int head, used;

    /// <summary>True when nothing is in it.</summary>
    public bool IsEmpty => used == 0;

    /// <summary>Packets that made room for newer ones, or had become too old.</summary>
    public long Dropped { get; private set; }

    /// <summary>Whether a packet of that length can be in it at all.</summary>
    public bool CanHold(int packetLength) => packetLength <= capacity - TimeSize - DerpFrames.PacketHeaderSize;

    /// <summary>Puts a SendPacket frame in; <see cref="CanHold"/> was true. <paramref name="nowMs"/> may wrap around.</summary>
    public void Add(NodePublicKey destination, ReadOnlySpan<byte> packet, int nowMs)
    {
        Span<byte> front = stackalloc byte[TimeSize + DerpFrames.PacketHeaderSize];
        BinaryPrimitives.WriteInt32LittleEndian(front, nowMs);
        PacketFrame.WriteHeader(front[TimeSize..], FrameType.SendPacket, destination, packet.Length);
        int size = front.Length + packet.Length;
        if (size > ring.Length - used)
        {
            Grow(used + size);
        }

        while (size > ring.Length - used)
        {
            DropOldest();
        }

        Append(front);
        Append(packet);
    }

    /// <summary>
    /// Moves the oldest frame that is at most <paramref name="maxAgeMs"/> old to the output; older ones are dropped. False: there is none,
    /// or it is longer than the output; <paramref name="length"/> is its size then, 0 for none.
    /// </summary>
    public bool TryTake(Span<byte> output, int nowMs, int maxAgeMs, out int length)
    {
        Span<byte> front = stackalloc byte[TimeSize + DerpFrames.HeaderSize];
        while (used > 0)
        {
            CopyOut(0, front);
            length = LengthIn(front);
            if (unchecked(nowMs - BinaryPrimitives.ReadInt32LittleEndian(front)) > maxAgeMs)
            {
                DropOldest();
                continue;
            }

            if (length > output.Length)
            {
                return false;
            }

            CopyOut(TimeSize, output[..length]);
            Discard(TimeSize + length);
            return true;
        }

        length = 0;
        return false;
    }

    /// <summary>Gives its memory back when it holds nothing.</summary>
    public void Trim()
    {
        if (used == 0)
        {
            ring = [];
            head = 0;
        }
    }

    static int LengthIn(ReadOnlySpan<byte> front) => DerpFrames.HeaderSize + BinaryPrimitives.ReadInt32BigEndian(front[(TimeSize + 1)..]);

    void DropOldest()
    {
        Span<byte> front = stackalloc byte[TimeSize + DerpFrames.HeaderSize];
        CopyOut(0, front);
        Discard(TimeSize + LengthIn(front));
        Dropped++;
    }

    void Grow(int wanted)
    {
        int size = Math.Max(ring.Length, FirstSize);
        while (size < wanted && size < capacity)
        {
            size = Math.Min(2 * size, capacity);
        }

        if (size > ring.Length)
        {
            byte[] grown = new byte[size];
            CopyOut(0, grown.AsSpan(0, used));
            (ring, head) = (grown, 0);
        }
    }

    void Discard(int count)
    {
        used -= count;
        head = used == 0 ? 0 : (head + count) % ring.Length;
    }

    void Append(ReadOnlySpan<byte> bytes)
    {
        int at = head + used;
        at -= at >= ring.Length ? ring.Length : 0;
        int first = Math.Min(bytes.Length, ring.Length - at);
        bytes[..first].CopyTo(ring.AsSpan(at));
        bytes[first..].CopyTo(ring);
        used += bytes.Length;
    }

    void CopyOut(int skip, Span<byte> output)
    {
        int at = head + skip;
        at -= at >= ring.Length && ring.Length > 0 ? ring.Length : 0;
        int first = Math.Min(output.Length, ring.Length - at);
        ring.AsSpan(at, first).CopyTo(output);
        ring.AsSpan(0, output.Length - first).CopyTo(output[first..]);
    }
}
