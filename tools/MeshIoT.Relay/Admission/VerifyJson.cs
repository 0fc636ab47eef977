using System.Text.Json.Serialization;

namespace MeshIoT.Relay;

/// <summary>What is asked.</summary>
internal sealed record VerifyQuestion(string NodePublic, string Source);

/// <summary>What is answered.</summary>
internal sealed record VerifyAnswer(bool Allow);

/// <summary>Generated metadata of both.</summary>
[JsonSerializable(typeof(VerifyQuestion))]
[JsonSerializable(typeof(VerifyAnswer))]
internal sealed partial class VerifyJson : JsonSerializerContext;
