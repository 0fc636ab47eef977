using System.Collections.Generic;
using System.Net;

namespace MeshIoT.Linux;

/// <summary>What happened to the machine's network since the last one of these.</summary>
public sealed record LinkChange
{
    /// <summary>
    /// Paths may not be what they were: the default route or the set of usable addresses changed, a carrier came back, or the machine slept.
    /// False: a cable was pulled that nothing went over, or the clock was set.
    /// </summary>
    public bool IsMajor { get; init; }

    /// <summary>Another default route than before, or none any more.</summary>
    public bool DefaultRouteChanged { get; init; }

    /// <summary>Addresses this machine has no longer: what was bound to them is dead.</summary>
    public IReadOnlyList<IPAddress> Gone { get; init; } = [];

    /// <summary>Addresses it did not have before.</summary>
    public IReadOnlyList<IPAddress> New { get; init; } = [];

    /// <summary>An interface with an address has a carrier again.</summary>
    public bool CarrierUp { get; init; }

    /// <summary>For how long the machine was suspended, in milliseconds; 0: it was not.</summary>
    public long SleptMs { get; init; }

    /// <summary>Somebody set the wall clock (or the machine slept).</summary>
    public bool ClockSet { get; init; }
}
