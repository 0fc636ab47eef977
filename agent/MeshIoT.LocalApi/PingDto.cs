namespace MeshIoT.LocalApi;

/// <summary>Body of <c>POST /localapi/v0/ping</c>.</summary>
/// <param name="Target">A node's name or tailnet address.</param>
/// <param name="TimeoutMs">How long to wait for the reply, 1 to 60000 ms.</param>
/// <param name="Kind">"disco" (outside the tunnel: by which path), "tsmp" (the peer's agent, inside) or "icmp" (its system, inside); absent: disco.</param>
public sealed record PingRequestDto(string Target, int TimeoutMs, string? Kind = null);

/// <summary>A reply to a ping.</summary>
/// <param name="Name">Name of the node that answered.</param>
/// <param name="Address">Its tailnet address.</param>
/// <param name="Path">"direct", "relay", "local" for this node itself, or "-" when it is not known.</param>
/// <param name="Endpoint">The <c>ip:port</c> the reply came from, while the path is direct.</param>
/// <param name="Milliseconds">Round-trip time.</param>
public sealed record PingReplyDto(string Name, string Address, string Path, string? Endpoint, double Milliseconds)
{
    /// <summary>What was asked: disco, tsmp or icmp.</summary>
    public string? Kind { get; init; }

    /// <summary>Code of the relay region the reply came by.</summary>
    public string? Relay { get; init; }

    /// <summary>Number of that region.</summary>
    public int? RelayRegion { get; init; }

    /// <summary>The port of the node's PeerAPI, if it has one and the kind is tsmp.</summary>
    public int? PeerApiPort { get; init; }
}
