using System;

namespace MeshIoT.Node;

/// <summary>What <see cref="TailnetNode.UpAsync"/> needs to join a tailnet; null members keep what is saved.</summary>
public sealed record UpRequest
{
    /// <summary>The coordinator.</summary>
    public Uri? LoginServer { get; init; }

    /// <summary>The key that admits this node. It is used once, kept in memory until then, and never written or printed.</summary>
    public string? AuthKey { get; init; }

    /// <summary>The first 16 Crockford characters of BLAKE2s-256 of the coordinator's key, as the QR code carries them.</summary>
    public string? ServerKeyPin { get; init; }

    /// <summary>The name to ask for.</summary>
    public string? Hostname { get; init; }

    /// <summary>Names the members that are set; the key's text never appears.</summary>
    public override string ToString() =>
        $"{nameof(UpRequest)} {{ LoginServer = {LoginServer}, AuthKey = {(AuthKey is null ? "none" : "[redacted]")}, Hostname = {Hostname} }}";
}
