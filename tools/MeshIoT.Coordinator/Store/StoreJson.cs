using System.Text.Json.Serialization;

namespace MeshIoT.Coordinator;

/// <summary>The JSON inside database columns.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TailnetSettings))]
internal sealed partial class StoreJson : JsonSerializerContext;
