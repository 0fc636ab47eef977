using System.Text.Json.Serialization;

namespace MeshIoT.Interop.Nat;

/// <summary>The results as JSON, one object a line, names in lower case with underscores.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(NatKind))]
[JsonSerializable(typeof(PairResult))]
[JsonSerializable(typeof(LoadResult))]
[JsonSerializable(typeof(PunchResult))]
sealed partial class Json : JsonSerializerContext;
