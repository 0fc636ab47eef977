using System;
using System.Globalization;
using MeshIoT.Crypto;

namespace MeshIoT.Derp;

/// <summary>Names of the HTTP part: path, headers, and the extra certificate that spares a round trip. data-plane.md section 4.1.</summary>
public static class DerpUpgrade
{
    /// <summary>Where a relay takes connections.</summary>
    public const string Path = "/derp";

    /// <summary>Where a relay answers 200 to whoever wants to know how far it is.</summary>
    public const string LatencyPath = "/derp/latency-check";

    /// <summary>Value of the Upgrade header.</summary>
    public const string Protocol = "DERP";

    /// <summary>Request header, value 1: the client knows the relay's key, so that no HTTP answer shall come.</summary>
    public const string FastStartHeader = "Derp-Fast-Start";

    /// <summary>Request header of a client that is not at the region's first relay: that relay's name.</summary>
    public const string IdealNodeHeader = "Ideal-Node";

    /// <summary>Answer header: protocol version.</summary>
    public const string VersionHeader = "Derp-Version";

    /// <summary>Answer header: the relay's public key, 64 hex digits.</summary>
    public const string PublicKeyHeader = "Derp-Public-Key";

    /// <summary>Start of DERPNode.CertName when it pins a certificate by the SHA-256 of its DER form.</summary>
    public const string PinPrefix = "sha256-raw:";

    const string MetaPrefix = "derpkey", TextPrefix = "nodekey:";

    /// <summary>Common name of the extra certificate that tells the relay's key; its serial number is the protocol version.</summary>
    public static string MetaCertificateName(NodePublicKey relay) => MetaPrefix + relay.ToString()[TextPrefix.Length..];

    /// <summary>Reads the relay's key out of an extra certificate's common name.</summary>
    public static bool TryReadMetaCertificateName(string commonName, out NodePublicKey relay)
    {
        relay = default;
        return commonName.StartsWith(MetaPrefix, StringComparison.Ordinal) && NodePublicKey.TryParse(TextPrefix + commonName[MetaPrefix.Length..], out relay) && !relay.IsZero;
    }

    /// <summary>Value of <see cref="VersionHeader"/>.</summary>
    public static string Version { get; } = DerpFrames.ProtocolVersion.ToString(CultureInfo.InvariantCulture);
}
