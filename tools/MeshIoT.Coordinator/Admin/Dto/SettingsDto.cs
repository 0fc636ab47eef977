namespace MeshIoT.Coordinator;

/// <summary>The tailnet's settings.</summary>
internal sealed record SettingsDto
{
    public bool NodeApproval { get; init; }

    public int KeyExpiryDays { get; init; }
}

/// <summary>Body of <c>PATCH /api/v1/settings</c>: what is absent stays.</summary>
internal sealed record PatchSettingsDto
{
    public bool? NodeApproval { get; init; }

    public int? KeyExpiryDays { get; init; }
}
