using System.Text.Json;

namespace MeshIoT.Tailcfg;

/// <summary>Reads the text of a key without making a string of an absurdly long one.</summary>
internal static class KeyText
{
    const int LongestKey = 80;

    internal static string Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException("a key was expected");
        }

        // Escapes are legal JSON, if unusual: six bytes for one character.
        return reader.ValueSpan.Length <= LongestKey * 6 ? reader.GetString()! : throw new JsonException("too long for a key");
    }
}
