using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using MeshIoT.Control;
using MeshIoT.Crypto;

namespace MeshIoT.Node.Engine;

/// <summary>What the netmap says the engine must know of one peer. Immutable.</summary>
internal sealed record PeerPlan
{
    /// <summary>Its WireGuard key.</summary>
    public required NodePublicKey Key { get; init; }

    /// <summary>A new one means that its process has restarted, so that sessions with it are dead.</summary>
    public DiscoPublicKey DiscoKey { get; init; }

    /// <summary>Sources it may use, destinations it gets: its own tailnet addresses first, then those behind it.</summary>
    public required IReadOnlyList<IPNetwork> AllowedIPs { get; init; }

    /// <summary>How many of <see cref="AllowedIPs"/> are its own.</summary>
    public int OwnCount { get; init; }

    /// <summary>Where it may be reached: 18 bytes each, one after the other, at most <see cref="Endpoints.MostPerPeer"/>.</summary>
    public required byte[] Candidates { get; init; }

    /// <summary>The region of its home relay; 0: none known.</summary>
    public int Home { get; init; }

    /// <summary>What it was made of; the same one again needs no new plan.</summary>
    public Peer? Source { get; init; }

    /// <summary>Whether nothing differs.</summary>
    public bool SameAs(PeerPlan other) => ReferenceEquals(this, other) || (DiscoKey == other.DiscoKey && Home == other.Home
        && SameCandidates(other) && SamePrefixes(other) && OwnCount == other.OwnCount);

    /// <summary>Whether the address (4 or 16 bytes) is one of its own.</summary>
    public bool IsOwn(ReadOnlySpan<byte> address)
    {
        Span<byte> bytes = stackalloc byte[16];
        for (int i = 0; i < OwnCount; i++)
        {
            if (AllowedIPs[i].BaseAddress.TryWriteBytes(bytes, out int length) && address.SequenceEqual(bytes[..length]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the prefixes are the same.</summary>
    public bool SamePrefixes(PeerPlan other) => ReferenceEquals(AllowedIPs, other.AllowedIPs) || AllowedIPs.SequenceEqual(other.AllowedIPs);

    /// <summary>Whether the candidates are the same.</summary>
    public bool SameCandidates(PeerPlan other) => Candidates.AsSpan().SequenceEqual(other.Candidates);
}
