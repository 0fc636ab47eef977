using System.Collections.Generic;
using System.Text.Json.Serialization;

namespace MeshIoT.Alerts;

/// <summary>JSON of alerts: what is kept, and what is delivered.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(IReadOnlyList<OpenAlert>))]
[JsonSerializable(typeof(AlertMessage))]
[JsonSerializable(typeof(ChatMessage))]
internal sealed partial class AlertJson : JsonSerializerContext;
