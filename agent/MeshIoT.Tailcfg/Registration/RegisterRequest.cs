using System;
using System.Text.Json.Serialization;
using MeshIoT.Crypto;

namespace MeshIoT.Tailcfg;

/// <summary>Body of <c>POST /machine/register</c>: who the node is and what admits it. control-plane.md section 4.</summary>
public sealed record RegisterRequest
{
    /// <summary>Capability version of the node.</summary>
    public int Version { get; set; }

    /// <summary>Node key to register; never zero in a valid request.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public NodePublicKey NodeKey { get; set; }

    /// <summary>Node key before a rotation, else zero.</summary>
    public NodePublicKey OldNodeKey { get; set; }

    /// <summary>Tailnet lock key, <c>nlpub:</c> and 64 hex digits; kept, not interpreted.</summary>
    public string? NLKey { get; set; }

    /// <summary>What admits the node; null at a restart and in an interactive login.</summary>
    public RegisterAuth? Auth { get; set; }

    /// <summary>Wanted expiry; null leaves it to the server, a time in the past logs the node out.</summary>
    public DateTimeOffset? Expiry { get; set; }

    /// <summary>The AuthURL received earlier; the server answers when that login ends.</summary>
    public string? Followup { get; set; }

    /// <summary>The node's description of itself.</summary>
    public Hostinfo? Hostinfo { get; set; }

    /// <summary>The node asks to be forgotten when it has been away.</summary>
    public bool Ephemeral { get; set; }

    /// <summary>Tailnet lock signature.</summary>
    public byte[]? NodeKeySignature { get; set; }

    /// <summary>Tailnet hint, possibly with the prefix <c>required:</c>.</summary>
    public string? Tailnet { get; set; }
}
