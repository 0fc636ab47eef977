using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MeshIoT.Tailcfg;

/// <summary>
/// Reads a JSON list and leaves out its nulls, so that no reader of a wire type meets a null where the type says there is none.
/// A list longer than <see cref="MaxElements"/> is refused: three bytes of JSON may become hundreds in memory.
/// </summary>
internal sealed class ListOf<T> : JsonConverter<IReadOnlyList<T>>
{
    /// <summary>More than any tailnet has nodes, rules or routes.</summary>
    internal const int MaxElements = 200_000;

    public override IReadOnlyList<T>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("a list was expected");
        }

        var element = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        List<T> list = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (list.Count == MaxElements)
            {
                throw new JsonException($"a list has more than {MaxElements} elements");
            }

            if (JsonSerializer.Deserialize(ref reader, element) is { } value)
            {
                list.Add(value);
            }
        }

        return list;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<T> value, JsonSerializerOptions options)
    {
        var element = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        writer.WriteStartArray();
        foreach (T item in value)
        {
            JsonSerializer.Serialize(writer, item, element);
        }

        writer.WriteEndArray();
    }
}
