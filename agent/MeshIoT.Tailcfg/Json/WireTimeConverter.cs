using System;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeshIoT.Tailcfg;

/// <summary>
/// RFC 3339 time with up to nine fraction digits. The peer's zero time, 0001-01-01, means "not set" and reads as null.
/// Written in UTC with at most seven fraction digits. control-plane.md section 0.
/// </summary>
internal sealed class WireTimeConverter : JsonConverter<DateTimeOffset?>
{
    public override DateTimeOffset? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException("a time was expected");
        }

        if (reader.TryGetDateTimeOffset(out DateTimeOffset time))
        {
            // The zero time with any offset is still the zero time.
            return time.UtcTicks < TimeSpan.TicksPerDay * 2 ? null : time;
        }

        string text = reader.GetString()!;
        if (text.Length == 0 || text.StartsWith("0001-01-01T", StringComparison.Ordinal))
        {
            return null;
        }

        throw new JsonException("not an RFC 3339 time");
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset? value, JsonSerializerOptions options)
    {
        if (value is not { } time)
        {
            writer.WriteNullValue();
            return;
        }

        Span<char> text = stackalloc char[32];
        time.UtcDateTime.TryFormat(text, out int length, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }
}
