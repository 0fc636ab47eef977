using System;

namespace MeshIoT.Paths.NetCheck;

/// <summary>Names and values of data-plane.md section 3.2, and ours where that has none.</summary>
public static class NetCheckTimes
{
    /// <summary>How long STUN answers are waited for.</summary>
    public static TimeSpan StunTimeout { get; } = TimeSpan.FromSeconds(3);

    /// <summary>How long HTTPS answers are waited for.</summary>
    public static TimeSpan HttpsTimeout { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Silence after which HTTPS is asked as well; STUN goes on being waited for. Ours: a blocked node has its home sooner.</summary>
    public static TimeSpan HttpsAfter { get; } = TimeSpan.FromSeconds(1.2);

    /// <summary>Once somebody has answered, a silent region is given up so long after its last request, or after three times the slowest answer.</summary>
    public static TimeSpan SilentAfter { get; } = TimeSpan.FromSeconds(1);

    /// <summary>A check asks every region when the last such check is older.</summary>
    public static TimeSpan FullReportInterval { get; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a report counts in the choice of the home: one full one is always among them.</summary>
    public static TimeSpan HistoryAge { get; } = FullReportInterval + TimeSpan.FromSeconds(5);

    /// <summary>A relay that sent a frame so recently works, whatever STUN says.</summary>
    public static TimeSpan PreferredDerpFrameTime { get; } = TimeSpan.FromSeconds(8);

    /// <summary>A new home must be better by so much.</summary>
    public static TimeSpan PreferredDerpAbsoluteDiff { get; } = TimeSpan.FromMilliseconds(10);

    internal static TimeSpan InitialRetransmit { get; } = TimeSpan.FromMilliseconds(100);

    internal static TimeSpan ActiveRetransmit { get; } = TimeSpan.FromMilliseconds(200);

    internal static TimeSpan ExtraRetransmit { get; } = TimeSpan.FromMilliseconds(50);

    internal const int InitialTries = 3, HomeTries = 4, FastTries = 2, FastestRegions = 2, IncrementalRegions = 3, EnoughRegions = 3;
}
