using System;
using System.Collections.Generic;
using System.Text.Json;

namespace MeshIoT.Sensors.Programs;

/// <summary>
/// What a program says in JSON: an object of values by key, a list of values with their keys, or a number where one value is expected. Never throws on
/// what it reads. hardware/sensors/exec.md.
/// </summary>
internal static class ReadingLine
{
    /// <summary>2020-01-01: times before it are those of clocks that were never set.</summary>
    const long Earliest = 1_577_836_800_000;

    /// <summary>How far a writer's clock may be ahead, milliseconds.</summary>
    const long Ahead = 60_000;

    static readonly JsonDocumentOptions Options = new() { MaxDepth = 6 };

    /// <summary>The <c>id</c> of a line; null with the reason when there is none.</summary>
    public static string? Id(ReadOnlyMemory<byte> json, out string trouble)
    {
        trouble = "it is no line of JSON with an \"id\"";
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Options);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("id", out JsonElement id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Reads the values.</summary>
    /// <param name="json">The text, UTF-8.</param>
    /// <param name="channels">What is expected.</param>
    /// <param name="nowUnixMs">Now: times ahead of it are refused.</param>
    /// <param name="values">A place for each; those that the text does not have stay as they are.</param>
    /// <param name="unixMs">The time that the text gives; null: none.</param>
    /// <returns>Null, or what is wrong. Values that were read before it are there.</returns>
    public static string? Read(ReadOnlyMemory<byte> json, IReadOnlyList<EntryChannel> channels, long nowUnixMs, Span<double> values, out long? unixMs)
    {
        unixMs = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Options);
            JsonElement root = document.RootElement;
            return root.ValueKind switch
            {
                JsonValueKind.Object => Object(root, channels, nowUnixMs, values, out unixMs),
                JsonValueKind.Array => List(root, channels, values),
                _ when channels.Count == 1 => Value(root, channels[0], ref values[0]),
                _ => $"it gives one value where {channels.Count} are expected",
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return "what it says is not JSON";
        }
    }

    static string? Object(JsonElement root, IReadOnlyList<EntryChannel> channels, long nowUnixMs, Span<double> values, out long? unixMs)
    {
        unixMs = null;
        if (root.TryGetProperty("error", out JsonElement error) && error.ValueKind == JsonValueKind.String)
        {
            return "it says: " + Shorten(error.GetString()!);
        }

        if (root.TryGetProperty("t", out JsonElement t))
        {
            if (t.ValueKind != JsonValueKind.Number || !t.TryGetDouble(out double time) || time < Earliest || time > nowUnixMs + Ahead)
            {
                return "its \"t\" is no time in milliseconds since 1970, or is in the future";
            }

            unixMs = Math.Min((long)time, nowUnixMs);
        }

        bool any = false;
        for (int i = 0; i < channels.Count; i++)
        {
            if (root.TryGetProperty(channels[i].Key, out JsonElement value))
            {
                any = true;
                if (value.ValueKind != JsonValueKind.Null && Value(value, channels[i], ref values[i]) is { } trouble)
                {
                    return trouble;
                }
            }
        }

        return any ? null : $"it gives no \"{channels[0].Key}\"";
    }

    static string? List(JsonElement root, IReadOnlyList<EntryChannel> channels, Span<double> values)
    {
        bool any = false;
        foreach (JsonElement item in root.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("key", out JsonElement key) || key.ValueKind != JsonValueKind.String)
            {
                return "its list holds something other than {\"key\": …, \"value\": …}";
            }

            for (int i = 0; i < channels.Count; i++)
            {
                if (key.ValueEquals(channels[i].Key))
                {
                    any = true;
                    if (Value(item, channels[i], ref values[i]) is { } trouble)
                    {
                        return trouble;
                    }
                }
            }
        }

        return any ? null : $"it gives no \"{channels[0].Key}\"";
    }

    static string? Value(JsonElement element, EntryChannel channel, ref double value)
    {
        string? unit = null;
        if (element.ValueKind == JsonValueKind.Object)
        {
            unit = element.TryGetProperty("unit", out JsonElement u) && u.ValueKind == JsonValueKind.String ? u.GetString() : null;
            if (!element.TryGetProperty("value", out element))
            {
                return $"its \"{channel.Key}\" has no \"value\"";
            }
        }

        double factor = 1, summand = 0;
        if (unit is not null && !Units.TryConversion(unit, channel.Unit, out factor, out summand))
        {
            return $"its \"{channel.Key}\" is in {Shorten(unit)}, which is not {channel.Unit}";
        }

        double number = 0;
        switch (element.ValueKind)
        {
            case JsonValueKind.Null:
                return null;
            case JsonValueKind.True or JsonValueKind.False:
                value = element.ValueKind == JsonValueKind.True ? 1 : 0;
                return null;
            case JsonValueKind.Number when element.TryGetDouble(out number) && double.IsFinite((number * factor) + summand):
                value = (number * factor) + summand;
                return null;
            default:
                return $"its \"{channel.Key}\" is no number";
        }
    }

    /// <summary>A stranger's text for an error line: without control characters, 100 of them at most.</summary>
    public static string Shorten(string text)
    {
        text = text.Length <= 100 ? text : text[..100] + "…";
        return string.Create(text.Length, text, static (into, from) =>
        {
            for (int i = 0; i < into.Length; i++)
            {
                into[i] = char.IsControl(from[i]) || char.IsSurrogate(from[i]) ? '?' : from[i];
            }
        });
    }
}
