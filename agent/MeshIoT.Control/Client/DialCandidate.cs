using System;
using System.Collections.Generic;
using System.Net;
using MeshIoT.Tailcfg;

namespace MeshIoT.Control;

/// <summary>An address of the coordinator that the coordinator itself told, to be tried before its name is looked up. control-plane.md section 5.3.</summary>
/// <param name="Address">Where.</param>
/// <param name="Delay">Wait before dialling, 0 to 30 s.</param>
/// <param name="Timeout">Give up after, up to 30 s.</param>
internal readonly record struct DialCandidate(IPAddress Address, TimeSpan Delay, TimeSpan Timeout)
{
    /// <summary>More are not tried.</summary>
    public const int Most = 16;

    const double LongestWait = 30, UsualTimeout = 10;
    static readonly TimeSpan ShortestRace = TimeSpan.FromSeconds(5), LongestRace = TimeSpan.FromSeconds(60), Reserve = TimeSpan.FromSeconds(5);

    /// <summary>The usable ones of a plan; those that lead through a proxy host are not.</summary>
    public static IReadOnlyList<DialCandidate> Read(ControlDialPlan? plan)
    {
        List<DialCandidate> found = [];
        foreach (ControlIPCandidate candidate in plan?.Candidates ?? [])
        {
            if (found.Count < Most && string.IsNullOrEmpty(candidate.ACEHost) && IPAddress.TryParse(candidate.IP, out IPAddress? address)
                && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any))
            {
                double timeout = candidate.DialTimeoutSec > 0 ? Math.Min(candidate.DialTimeoutSec, LongestWait) : UsualTimeout;
                found.Add(new(address, TimeSpan.FromSeconds(Math.Clamp(candidate.DialStartDelaySec, 0, LongestWait)), TimeSpan.FromSeconds(timeout)));
            }
        }

        return found;
    }

    /// <summary>How long all of them together may take.</summary>
    public static TimeSpan Limit(IReadOnlyList<DialCandidate> candidates)
    {
        TimeSpan longest = TimeSpan.Zero;
        foreach (DialCandidate candidate in candidates)
        {
            TimeSpan end = candidate.Delay + candidate.Timeout;
            longest = end > longest ? end : longest;
        }

        longest += Reserve;
        return longest < ShortestRace ? ShortestRace : longest > LongestRace ? LongestRace : longest;
    }
}
