using System;
using MeshIoT.Health;

namespace MeshIoT.Derp;

/// <summary>
/// How long to wait before a relay is dialled again: 0.3 s doubled with each failure in a row, times 0.5 to 1.5. At most 10 s where the
/// network is at fault, so that traffic comes back soon after it does, and a minute where the relay itself says no.
/// </summary>
internal static class RelayBackoff
{
    const double FirstMs = 300, LongestMs = 10_000, LongestRefusedMs = 60_000;

    /// <summary>The wait after the n-th failure in a row, from 1; <paramref name="random01"/> lies in [0, 1).</summary>
    public static TimeSpan Next(int failures, Fault fault, double random01)
    {
        double longest = IsRefusal(fault) ? LongestRefusedMs : LongestMs;
        double milliseconds = Math.Min(FirstMs * Math.Pow(2, Math.Clamp(failures - 1, 0, 16)), longest);
        return TimeSpan.FromMilliseconds(milliseconds * (0.5 + Math.Clamp(random01, 0, 1)));
    }

    static bool IsRefusal(Fault fault) =>
        fault == Faults.RelayCertificate || fault == Faults.RelayPinMismatch || fault == Faults.NotARelay || fault == Faults.RelayProtocol
        || fault == Faults.RelayRefused || fault == Faults.RelayProxyRefused || fault == Faults.RelayTlsLibraryMissing || fault == Faults.RelayRegionUnusable;
}
