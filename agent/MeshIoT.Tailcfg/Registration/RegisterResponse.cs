using System.Text.Json.Serialization;

namespace MeshIoT.Tailcfg;

/// <summary>Answer to a registration. Every member is always written: tailscale-rs has no defaults. control-plane.md section 4.</summary>
public sealed record RegisterResponse
{
    /// <summary>The user the node belongs to.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public User User { get => field; set => field = value ?? new(); } = new();

    /// <summary>The login that admitted the node.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public Login Login { get => field; set => field = value ?? new(); } = new();

    /// <summary>The node key has expired: the node registers again with a new one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public bool NodeKeyExpired { get; set; }

    /// <summary>The machine may join; tailscale-rs demands true.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public bool MachineAuthorized { get; set; }

    /// <summary>Not empty: not registered yet, a person must open this address.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string AuthURL { get => field; set => field = value ?? ""; } = "";

    /// <summary>Tailnet lock signature to re-sign; null without lock.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public byte[]? NodeKeySignature { get; set; }

    /// <summary>Not empty: refused, for this reason; everything else is to be ignored.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string Error { get => field; set => field = value ?? ""; } = "";
}
