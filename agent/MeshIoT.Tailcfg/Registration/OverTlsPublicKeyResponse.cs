using System.Text.Json.Serialization;
using MeshIoT.Crypto;

namespace MeshIoT.Tailcfg;

/// <summary>Answer to <c>GET /key?v=N</c>: the coordinator's Noise key. Both members are always written. control-plane.md section 2.</summary>
public sealed record OverTlsPublicKeyResponse
{
    /// <summary>Key of the protocol before Noise; all zero on current servers.</summary>
    [JsonPropertyName("legacyPublicKey"), JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public MachinePublicKey LegacyPublicKey { get; set; }

    /// <summary>The coordinator's Noise static key.</summary>
    [JsonPropertyName("publicKey"), JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public MachinePublicKey PublicKey { get; set; }
}
