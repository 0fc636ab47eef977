using System.Text.Json.Serialization;

namespace MeshIoT.LocalApi;

/// <summary>JSON of what gateways have beside that: sensors, outputs, history, alerts; the same rules as <see cref="LocalApiJson"/>.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    PropertyNameCaseInsensitive = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = 16)]
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
[JsonSerializable(typeof(AlertsDto))]
public sealed partial class GatewayJson : JsonSerializerContext;
