using System.Collections.Generic;
using System.Text.Json.Serialization;

namespace MeshIoT.Sim;

/// <summary>Asks the admin API for an auth key.</summary>
internal sealed record KeyRequest(bool Reusable, IReadOnlyList<string> Tags);

/// <summary>The key it gives.</summary>
internal sealed record KeyAnswer(string? Key)
{
    /// <inheritdoc/>
    public override string ToString() => "key [redacted]";
}

/// <summary>What the admin API says of itself.</summary>
internal sealed record ServerAnswer(string ServerKey);

/// <summary>Puts a policy in force.</summary>
internal sealed record PolicyRequest(string Text);

/// <summary>Which one is in force then.</summary>
internal sealed record PolicyAnswer(string Id);

/// <summary>JSON of the admin API, as far as it is used here.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(KeyRequest))]
[JsonSerializable(typeof(KeyAnswer))]
[JsonSerializable(typeof(ServerAnswer))]
[JsonSerializable(typeof(PolicyRequest))]
[JsonSerializable(typeof(PolicyAnswer))]
internal sealed partial class AdminJson : JsonSerializerContext;
