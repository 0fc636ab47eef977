namespace MeshIoT.LocalApi;

/// <summary>Body of <c>POST /localapi/v0/up</c>. What is absent stays as it was.</summary>
public sealed record UpRequestDto
{
    /// <summary>The coordinator's URL.</summary>
    public string? LoginServer { get; init; }

    /// <summary>A secret that admits the node, passed on unchanged. Never logged, never stored.</summary>
    public string? AuthKey { get; init; }

    /// <summary>First characters of the hash of the coordinator's Noise key, from a claim.</summary>
    public string? ServerKeyPin { get; init; }

    /// <summary>Host name to ask for.</summary>
    public string? Hostname { get; init; }

    /// <summary>How long to wait for the state Running; 0 means for ever.</summary>
    public int TimeoutSeconds { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"up {LoginServer} {(AuthKey is null ? "" : "[redacted]")}";
}

/// <summary>Body of <c>POST /localapi/v0/ping</c>.</summary>
/// <param name="Target">A node's name or tailnet address.</param>
/// <param name="TimeoutMs">How long to wait for the reply, 1 to 60000 ms.</param>
public sealed record PingRequestDto(string Target, int TimeoutMs);

/// <summary>A reply to a ping that went through the tunnel.</summary>
/// <param name="Name">Name of the node that answered.</param>
/// <param name="Address">Its tailnet address.</param>
/// <param name="Path">"direct".</param>
/// <param name="Endpoint">The <c>ip:port</c> the tunnel runs to.</param>
/// <param name="Milliseconds">Round-trip time.</param>
public sealed record PingReplyDto(string Name, string Address, string Path, string? Endpoint, double Milliseconds);
