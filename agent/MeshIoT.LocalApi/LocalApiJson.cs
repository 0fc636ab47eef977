using System.Text.Json.Serialization;

namespace MeshIoT.LocalApi;

/// <summary>
/// JSON of what every agent has on its local socket: camelCase, absent instead of null, no reflection. A program that uses one type of such a
/// context carries the code of all of them, so what only a gateway has is in <see cref="GatewayJson"/>.
/// </summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    PropertyNameCaseInsensitive = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = 16)]
[JsonSerializable(typeof(StatusDto))]
[JsonSerializable(typeof(UpRequestDto))]
[JsonSerializable(typeof(PingRequestDto))]
[JsonSerializable(typeof(PingReplyDto))]
[JsonSerializable(typeof(PathDto))]
[JsonSerializable(typeof(NetCheckRequestDto))]
[JsonSerializable(typeof(NetCheckDto))]
[JsonSerializable(typeof(FaultDto))]
[JsonSerializable(typeof(ProblemDto))]
public sealed partial class LocalApiJson : JsonSerializerContext;
