using System.Text.Json.Serialization;

namespace MeshIoT.Derp;

/// <summary>Generated metadata of the two infos.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, PropertyNameCaseInsensitive = true, MaxDepth = 8)]
[JsonSerializable(typeof(ClientInfo))]
[JsonSerializable(typeof(ServerInfo))]
internal sealed partial class InfoJson : JsonSerializerContext;
