using System;
using MeshIoT.Crypto;

namespace MeshIoT.Node.Engine;

/// <summary>
/// Handshake initiations of nodes we do not know yet. A coordinator tells two nodes of each other one after the other, so the
/// first often knocks before the second has heard of it; without this the handshake would wait for the next try, 5 s later.
/// The last few are kept for as long as they are of use and given to WireGuard once more when the netmap has changed; it
/// judges them as if they had just come.
/// </summary>
internal sealed class EarlyInitiations
{
    /// <summary>The size of an initiation; nothing else is kept. data-plane.md section 1.2.</summary>
    public const int Size = 148;

    // After RekeyTimeout the sender has begun anew and an answer to the old one is worth nothing.
    const int Kept = 16, UsefulMs = 5_000;

    readonly byte[] datagrams = new byte[Kept * Size];
    readonly byte[] sources = new byte[Kept * Endpoints.Size];
    readonly NodePublicKey[] carriedFrom = new NodePublicKey[Kept];
    readonly long[] arrivals = new long[Kept];
    int next, count;

    /// <summary>
    /// Keeps a datagram of <see cref="Size"/> bytes; the oldest gives way. <paramref name="from"/> is the sender that a relay names, zero for
    /// what came directly.
    /// </summary>
    public void Keep(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> source, NodePublicKey from, long nowMs)
    {
        datagram[..Size].CopyTo(datagrams.AsSpan(next * Size));
        source[..Endpoints.Size].CopyTo(sources.AsSpan(next * Endpoints.Size));
        carriedFrom[next] = from;
        arrivals[next] = nowMs;
        next = (next + 1) % Kept;
        count = Math.Min(count + 1, Kept);
    }

    /// <summary>Takes out the oldest that is still of use; false when there is none.</summary>
    public bool TryTake(Span<byte> datagram, Span<byte> source, out NodePublicKey from, long nowMs)
    {
        from = default;
        while (count > 0)
        {
            int oldest = (next - count + Kept) % Kept;
            count--;
            if (nowMs - arrivals[oldest] < UsefulMs)
            {
                datagrams.AsSpan(oldest * Size, Size).CopyTo(datagram);
                sources.AsSpan(oldest * Endpoints.Size, Endpoints.Size).CopyTo(source);
                from = carriedFrom[oldest];
                return true;
            }
        }

        return false;
    }

    /// <summary>How many are kept now.</summary>
    public int Count => count;
}
