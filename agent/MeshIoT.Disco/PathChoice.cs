using System;

namespace MeshIoT.Disco;

/// <summary>
/// Which of two endpoints that answer is the better one: the nearer by the kind of its address and the faster, with enough
/// hysteresis that two alike do not take turns. data-plane.md section 2.7 (betterAddr).
/// </summary>
internal static class PathChoice
{
    /// <summary>Whether a challenger takes the place of the one in use.</summary>
    public static bool IsBetter(Candidate challenger, Candidate used)
    {
        int points = NearnessOf(challenger.Endpoint) + SpeedOf(challenger, used), against = NearnessOf(used.Endpoint) + SpeedOf(used, challenger);
        return points > against && (points > 1 || against > 0);
    }

    /// <summary>Points for the kind of its address.</summary>
    public static int NearnessOf(ReadOnlySpan<byte> endpoint)
    {
        bool isV4 = endpoint[..10].IndexOfAnyExcept((byte)0) < 0 && endpoint[10] == 0xff && endpoint[11] == 0xff;
        return isV4 ? Nearness4(endpoint[12], endpoint[13]) : 10 + Nearness6(endpoint[..16]);
    }

    /// <summary>Points for being the faster one: how much of the slower one's time it saves, in percent.</summary>
    public static int SpeedOf(Candidate candidate, Candidate other) =>
        candidate.LatencyMs < other.LatencyMs ? (int)(100 - (candidate.LatencyMs * 100 / other.LatencyMs)) : 0;

    static int Nearness4(byte a, byte b) => (a, b) switch
    {
        (127, _) => 50,
        (169, 254) => 30,
        (10, _) or (192, 168) or (172, >= 16 and <= 31) => 20,
        _ => 0,
    };

    static int Nearness6(ReadOnlySpan<byte> address)
    {
        if (address[..15].IndexOfAnyExcept((byte)0) < 0 && address[15] == 1)
        {
            return 50;
        }

        bool linkLocal = address[0] == 0xfe && (address[1] & 0xc0) == 0x80;
        return linkLocal ? 30 : (address[0] & 0xfe) == 0xfc ? 20 : 0;
    }
}
