namespace MeshIoT.Coordinator;

/// <summary>Body of <c>GET /api/v1/server</c>.</summary>
internal sealed record ServerDto
{
    public string? LoginServer { get; init; }

    public required string ServerKey { get; init; }

    public required string Pin { get; init; }

    public required string BaseDomain { get; init; }

    public required string Version { get; init; }

    public long Nodes { get; init; }

    public long Online { get; init; }
}
