using System.Collections.Generic;
using System.Net;

namespace MeshIoT.Paths.Endpoints;

/// <summary>All that a list of own endpoints is made of.</summary>
public sealed record EndpointSources
{
    /// <summary>From port mappings that hold now.</summary>
    public IReadOnlyList<IPEndPoint> Portmapped { get; init; } = [];

    /// <summary>Seen over IPv4 by STUN servers, the best first.</summary>
    public IReadOnlyList<IPEndPoint> StunV4 { get; init; } = [];

    /// <summary>Seen over IPv6 by STUN servers, the best first.</summary>
    public IReadOnlyList<IPEndPoint> StunV6 { get; init; } = [];

    /// <summary>Each destination sees another port: the ones above are good for nobody but the servers.</summary>
    public bool MappingVaries { get; init; }

    /// <summary>The UDP port when a person chose it; 0: any. Whoever fixes a port may have opened it at the router.</summary>
    public int FixedPort { get; init; }

    /// <summary>Written by a person.</summary>
    public IReadOnlyList<IPEndPoint> Explicit { get; init; } = [];

    /// <summary>Addresses of the machine's interfaces with the port in use.</summary>
    public IReadOnlyList<IPEndPoint> Local { get; init; } = [];
}
