using System;
using System.Collections.Generic;
using System.Text.Json.Serialization;

namespace MeshIoT.Tailcfg;

/// <summary>A rule of an <see cref="SshPolicy"/>. control-plane.md section 5.9.</summary>
public sealed record SshRule
{
    /// <summary>When the rule ends; null = never.</summary>
    [JsonPropertyName("ruleExpires")]
    public DateTimeOffset? RuleExpires { get; set; }

    /// <summary>Who; any of them.</summary>
    [JsonPropertyName("principals")]
    public IReadOnlyList<SshPrincipal>? Principals { get; set; }

    /// <summary>Name asked for → local name; "*" = every other, "=" = the same name, "" = no match.</summary>
    [JsonPropertyName("sshUsers")]
    public IReadOnlyDictionary<string, string>? SshUsers { get; set; }

    /// <summary>What then happens.</summary>
    [JsonPropertyName("action")]
    public SshAction? Action { get; set; }

    /// <summary>Names of environment variables that the client may set; * and ? stand for others.</summary>
    [JsonPropertyName("acceptEnv")]
    public IReadOnlyList<string>? AcceptEnv { get; set; }
}
