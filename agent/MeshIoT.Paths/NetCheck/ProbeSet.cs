using System;
using System.Collections.Generic;

namespace MeshIoT.Paths.NetCheck;

/// <summary>A request that is due some time after the check began.</summary>
internal readonly record struct Probe(TimeSpan After, byte[] Target);

/// <summary>The requests to one region over one family: the first answer to any of them ends the set.</summary>
internal sealed class ProbeSet(ProbeRegion region, bool isV6)
{
    public ProbeRegion Region { get; } = region;

    public bool IsV6 { get; } = isV6;

    /// <summary>In the order they are due.</summary>
    public List<Probe> Probes { get; } = [];
}
