namespace MeshIoT.Policy.Hujson;

/// <summary>A place in a text, both from 1.</summary>
internal readonly record struct TextPosition(int Line, int Column)
{
    public PolicyError Error(string message) => new(Line, Column, message);
}
