namespace MeshIoT.Policy.Hujson;

/// <summary>A name and its value in an object.</summary>
internal sealed record HujsonMember(string Name, TextPosition At, HujsonValue Value);
