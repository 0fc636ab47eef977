using System.Text.Json.Serialization;
using MeshIoT.LocalApi;

namespace MeshIoT.Cli.Output;

/// <summary>An error as JSON: the catalogue's three fields.</summary>
internal sealed record CliError(string Code, string Message, string Next);

/// <summary>What <c>meshiot version --json</c> prints.</summary>
internal sealed record VersionInfo(string Version, string? Agent);

/// <summary>JSON that the command line prints or sends, indented for people who look at it.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    PropertyNameCaseInsensitive = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CliError))]
[JsonSerializable(typeof(VersionInfo))]
[JsonSerializable(typeof(StatusDto))]
[JsonSerializable(typeof(SensorsDto))]
[JsonSerializable(typeof(ScanDto))]
[JsonSerializable(typeof(TrialDto))]
[JsonSerializable(typeof(DriversDto))]
[JsonSerializable(typeof(PathDto))]
[JsonSerializable(typeof(NetCheckDto))]
[JsonSerializable(typeof(AlertsDto))]
[JsonSerializable(typeof(OutputsDto))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(System.Collections.Generic.List<HistoryAnswer>))]
internal sealed partial class CliJson : JsonSerializerContext;

/// <summary>One line per object, for streams such as <c>sensor watch --json</c>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WatchLine))]
[JsonSerializable(typeof(SensorDto))]
[JsonSerializable(typeof(WaitingLine))]
[JsonSerializable(typeof(PingReplyDto))]
[JsonSerializable(typeof(NetCheckDto))]
[JsonSerializable(typeof(AlertsDto))]
internal sealed partial class CliJsonLines : JsonSerializerContext;

/// <summary>What a person has to do elsewhere, as <c>up --json</c> prints it while it waits; the last line is the status.</summary>
internal sealed record WaitingLine(string Event, string Code, string Message, string Next, string? AuthUrl);

/// <summary>One value as <c>sensor watch --json</c> prints it: the value, and by which way it came.</summary>
internal sealed record WatchLine(
    string Gateway, string Address, string Path, string? Endpoint, string? Relay, long RxBytes, long TxBytes, SensorDto Sensor);
