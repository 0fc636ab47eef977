using System;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace MeshIoT.Tailcfg;

/// <summary>
/// Keeps a value as raw JSON for whoever understands it. Its strings are checked here, while bad input still ends in a
/// <see cref="JsonException"/>: an element is decoded lazily and would throw in the hands of its reader.
/// </summary>
internal sealed class RawJsonConverter : JsonConverter<JsonElement>
{
    public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Utf8JsonReader probe = reader;
        int depth = probe.CurrentDepth;
        do
        {
            if (probe.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
            {
                Check(ref probe);
            }
        }
        while (!IsLast(probe, depth) && probe.Read());
        return JsonElement.ParseValue(ref reader);
    }

    public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) => value.WriteTo(writer);

    static bool IsLast(in Utf8JsonReader probe, int depth) =>
        probe.CurrentDepth == depth && probe.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray);

    static void Check(ref Utf8JsonReader probe)
    {
        if (probe.HasValueSequence || probe.ValueIsEscaped)
        {
            // Decoding throws on half a surrogate pair, and the serializer makes that a JsonException.
            probe.GetString();
        }
        else if (!Utf8.IsValid(probe.ValueSpan))
        {
            throw new JsonException("a string is not UTF-8");
        }
    }
}
