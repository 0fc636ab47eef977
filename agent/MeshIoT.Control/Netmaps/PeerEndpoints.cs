using System;
using System.Buffers.Binary;
using System.Collections;
using System.Collections.Generic;
using System.Net;

namespace MeshIoT.Control;

/// <summary>
/// Where a peer says it can be reached, in one block of memory: for each endpoint an IPv6 or v4-mapped address (16 bytes) and a port (2 bytes,
/// big-endian). Immutable; equal by content.
/// </summary>
public readonly struct PeerEndpoints : IReadOnlyList<IPEndPoint>, IEquatable<PeerEndpoints>
{
    /// <summary>Bytes of one endpoint.</summary>
    public const int Size = 18;

    /// <summary>More are not kept.</summary>
    public const int Most = 32;

    readonly byte[]? bytes;

    PeerEndpoints(byte[]? bytes) => this.bytes = bytes;

    /// <summary>None.</summary>
    public static PeerEndpoints None => default;

    /// <inheritdoc/>
    public int Count => (bytes?.Length ?? 0) / Size;

    /// <inheritdoc/>
    public IPEndPoint this[int index]
    {
        get
        {
            ReadOnlySpan<byte> one = Bytes(index);
            IPAddress address = new(one[..16]);
            return new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, BinaryPrimitives.ReadUInt16BigEndian(one[16..]));
        }
    }

    /// <summary>From the wire's texts "ip:port" and "[ip]:port"; counts what cannot be read, what has a zone or port 0, and what is too many.</summary>
    public static PeerEndpoints Parse(IReadOnlyList<string>? texts, ref long dropped)
    {
        if (texts is not { Count: > 0 })
        {
            return None;
        }

        byte[] found = new byte[Math.Min(texts.Count, Most) * Size];
        int used = 0;
        foreach (string text in texts)
        {
            if (used < found.Length && IPEndPoint.TryParse(text, out IPEndPoint? endpoint) && endpoint.Port != 0
                && !text.Contains('%', StringComparison.Ordinal) && endpoint.Address.MapToIPv6().TryWriteBytes(found.AsSpan(used), out _))
            {
                BinaryPrimitives.WriteUInt16BigEndian(found.AsSpan(used + 16), (ushort)endpoint.Port);
                used += Size;
            }
            else
            {
                dropped++;
            }
        }

        return new PeerEndpoints(used == 0 ? null : used == found.Length ? found : found[..used]);
    }

    /// <summary>The 18 bytes of one endpoint.</summary>
    public ReadOnlySpan<byte> Bytes(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return bytes.AsSpan(index * Size, Size);
    }

    /// <inheritdoc/>
    public IEnumerator<IPEndPoint> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    /// <inheritdoc/>
    public bool Equals(PeerEndpoints other) => bytes.AsSpan().SequenceEqual(other.bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PeerEndpoints other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }

    /// <summary>Same endpoints in the same order.</summary>
    public static bool operator ==(PeerEndpoints left, PeerEndpoints right) => left.Equals(right);

    /// <summary>Others, or in another order.</summary>
    public static bool operator !=(PeerEndpoints left, PeerEndpoints right) => !left.Equals(right);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
