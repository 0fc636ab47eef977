using System;
using System.Collections.Generic;
using System.Linq;

namespace MeshIoT.Paths.NetCheck;

/// <summary>
/// What servers of one family say where this node is. One voice per server, so that one that says something new each time has no more
/// weight than one; what most say comes first, what only one says counts only when there is nothing better.
/// </summary>
internal sealed class StunAnswers
{
    /// <summary>Endpoints beyond the first one; more than one server must have named each.</summary>
    public const int MostExtra = 2;

    readonly List<(byte[] Server, byte[] Seen)> voices = [];

    /// <summary>Whether anybody answered.</summary>
    public bool Any => voices.Count > 0;

    /// <summary>
    /// Whether different servers see this node at different endpoints; null while fewer than two have spoken. Compared are those
    /// furthest away: a server on the own network sees no NAT at all.
    /// </summary>
    public bool? Varies
    {
        get
        {
            List<byte[]> far = [.. Farthest()];
            return far.Count < 2 ? null : far.Exists(seen => !seen.AsSpan().SequenceEqual(far[0]));
        }
    }

    /// <summary>A server's word; only its first one counts.</summary>
    public void Add(byte[] server, byte[] seen)
    {
        if (!voices.Exists(voice => voice.Server.AsSpan().SequenceEqual(server)))
        {
            voices.Add((server, seen));
        }
    }

    /// <summary>Where this node is: the endpoint with the most voices, the first heard among equals; then others with two voices at least.</summary>
    public IReadOnlyList<byte[]> Endpoints()
    {
        List<(byte[] Seen, int Count)> counted = [];
        foreach (byte[] seen in Farthest())
        {
            int at = counted.FindIndex(entry => entry.Seen.AsSpan().SequenceEqual(seen));
            if (at < 0)
            {
                counted.Add((seen, 1));
            }
            else
            {
                counted[at] = (seen, counted[at].Count + 1);
            }
        }

        List<(byte[] Seen, int Count)> ordered = [.. counted.OrderByDescending(static entry => entry.Count)];
        return [.. ordered.Take(1).Concat(ordered.Skip(1).Where(static entry => entry.Count > 1).Take(MostExtra)).Select(static entry => entry.Seen)];
    }

    IEnumerable<byte[]> Farthest()
    {
        AddressScope best = voices.Count == 0 ? AddressScope.None : voices.Max(static voice => SeenEndpoint.ScopeOf(voice.Seen));
        return voices.Where(voice => SeenEndpoint.ScopeOf(voice.Seen) == best).Select(static voice => voice.Seen);
    }
}
