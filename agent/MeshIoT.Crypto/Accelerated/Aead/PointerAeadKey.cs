using System;

namespace MeshIoT.Crypto;

/// <summary>
/// A session key that works on memory of any kind. The forms with pointers check nothing but the key: whoever calls them vouches for
/// the ranges. Input and output begin at the same byte or do not overlap. Seal and Open may run on several threads at once; Wipe may
/// not run beside them. Nothing is allocated.
/// </summary>
public abstract unsafe class PointerAeadKey : AeadKey
{
    /// <summary>Bytes that a sealed packet is longer than its text.</summary>
    public const int TagSize = 16;

    private protected PointerAeadKey()
    {
    }

    /// <summary>Seals <paramref name="length"/> bytes (not negative) and writes 16 more.</summary>
    /// <exception cref="ObjectDisposedException">The key was wiped.</exception>
    public abstract void Seal(long counter, byte* plain, byte* output, int length);

    /// <summary>Opens <paramref name="length"/> bytes, tag included, and writes 16 fewer; false, and no text in the output, when the tag is wrong or missing.</summary>
    /// <exception cref="ObjectDisposedException">The key was wiped.</exception>
    public abstract bool Open(long counter, byte* cipher, byte* output, int length);

    /// <summary>Seals into an output that has room for 16 bytes more.</summary>
    /// <exception cref="ArgumentException">The output is too short.</exception>
    public void Seal(long counter, ReadOnlySpan<byte> plain, Span<byte> output)
    {
        if (output.Length - TagSize < plain.Length)
        {
            throw new ArgumentException("the output has no room for text and tag", nameof(output));
        }

        fixed (byte* from = plain, to = output)
        {
            Seal(counter, from, to, plain.Length);
        }
    }

    /// <summary>Opens into an output of at least 16 bytes fewer.</summary>
    /// <exception cref="ArgumentException">The output is too short.</exception>
    public bool Open(long counter, ReadOnlySpan<byte> cipher, Span<byte> output)
    {
        if (output.Length < cipher.Length - TagSize)
        {
            throw new ArgumentException("the output has no room for the text", nameof(output));
        }

        fixed (byte* from = cipher, to = output)
        {
            return Open(counter, from, to, cipher.Length);
        }
    }

    /// <summary>Seals packets in place, the first with <paramref name="firstCounter"/>, each next one with the next; after each lie 16 bytes for its tag.</summary>
    public void SealBatch(long firstCounter, byte* area, ReadOnlySpan<PacketRange> packets)
    {
        foreach (PacketRange packet in packets)
        {
            byte* text = area + packet.Offset;
            Seal(firstCounter++, text, text, packet.Length);
        }
    }

    /// <summary>Opens packets in place.</summary>
    /// <param name="counters">Each packet's counter.</param>
    /// <param name="area">Where the packets lie.</param>
    /// <param name="packets">As many as counters.</param>
    /// <param name="genuine">Written for each packet; false when its tag was wrong.</param>
    /// <returns>How many were genuine.</returns>
    /// <exception cref="ArgumentException">The lists are not equally long.</exception>
    public int OpenBatch(ReadOnlySpan<long> counters, byte* area, ReadOnlySpan<PacketRange> packets, Span<bool> genuine)
    {
        if (counters.Length != packets.Length || genuine.Length != packets.Length)
        {
            throw new ArgumentException("there is one counter and one verdict for each packet");
        }

        int count = 0;
        for (int i = 0; i < packets.Length; i++)
        {
            byte* text = area + packets[i].Offset;
            genuine[i] = Open(counters[i], text, text, packets[i].Length);
            count += genuine[i] ? 1 : 0;
        }

        return count;
    }

    /// <inheritdoc/>
    public sealed override void Seal(long counter, byte[] plain, int off, int len, byte[] output, int outOff)
    {
        Bounds.Check(plain, off, len);
        Bounds.Check(output, outOff, len + TagSize);
        fixed (byte* from = plain, to = output)
        {
            Seal(counter, from + off, to + outOff, len);
        }
    }

    /// <inheritdoc/>
    public sealed override bool Open(long counter, byte[] cipher, int off, int len, byte[] output, int outOff)
    {
        Bounds.Check(cipher, off, len);
        if (len >= TagSize)
        {
            Bounds.Check(output, outOff, len - TagSize);
        }

        fixed (byte* from = cipher, to = output)
        {
            return Open(counter, from + off, to + outOff, len);
        }
    }
}
