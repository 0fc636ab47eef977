using System.Text.Json.Serialization;

namespace MeshIoT.Sensors;

/// <summary>JSON of <see cref="OutputFile"/>.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SavedOutput[]))]
internal sealed partial class OutputFileJson : JsonSerializerContext;
