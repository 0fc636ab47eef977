using System.Text.Json.Serialization;

namespace MeshIoT.Tailcfg;

/// <summary>Something a node listens on; peerapi ports travel here too. control-plane.md section 5.4.</summary>
public sealed record Service
{
    /// <summary><c>tcp</c>, <c>udp</c>, <c>peerapi4</c>, <c>peerapi6</c>, <c>peerapi-dns-proxy</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string Proto { get => field; set => field = value ?? ""; } = "";

    /// <summary>Port, 0-65535.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public ushort Port { get; set; }

    /// <summary>Program name, if told.</summary>
    public string? Description { get; set; }
}
