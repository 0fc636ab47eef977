using System.Text.Json.Serialization;

namespace MeshIoT.LocalApi;

/// <summary>JSON of the local and gateway interfaces: camelCase, absent instead of null, no reflection.</summary>
[JsonSourceGenerationOptions(
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
[JsonSerializable(typeof(ScanRequestDto))]
[JsonSerializable(typeof(ScanDto))]
[JsonSerializable(typeof(TrialRequestDto))]
[JsonSerializable(typeof(TrialDto))]
[JsonSerializable(typeof(DriversDto))]
[JsonSerializable(typeof(SensorListDto))]
[JsonSerializable(typeof(SensorDto))]
[JsonSerializable(typeof(SensorsDto))]
[JsonSerializable(typeof(GatewaySensorsDto))]
[JsonSerializable(typeof(GatewayStatusDto))]
[JsonSerializable(typeof(HealthDto))]
[JsonSerializable(typeof(HistoryDto))]
[JsonSerializable(typeof(OutputsDto))]
[JsonSerializable(typeof(SetOutputDto))]
[JsonSerializable(typeof(HistoryDto))]
[JsonSerializable(typeof(FaultDto))]
[JsonSerializable(typeof(ProblemDto))]
[JsonSerializable(typeof(AlertsDto))]
public sealed partial class LocalApiJson : JsonSerializerContext
{
}
