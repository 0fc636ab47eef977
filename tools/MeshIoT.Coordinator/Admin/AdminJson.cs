using System.Text.Json.Serialization;

namespace MeshIoT.Coordinator;

/// <summary>JSON of the admin API: camelCase, times as RFC 3339, nothing for null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    PropertyNameCaseInsensitive = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = 16)]
[JsonSerializable(typeof(CreateKeyDto))]
[JsonSerializable(typeof(KeyDto))]
[JsonSerializable(typeof(KeyListDto))]
[JsonSerializable(typeof(NodeDto))]
[JsonSerializable(typeof(NodeListDto))]
[JsonSerializable(typeof(ServerDto))]
internal sealed partial class AdminJson : JsonSerializerContext;
