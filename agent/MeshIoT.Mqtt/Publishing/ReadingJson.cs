using System;
using System.Buffers;
using System.Globalization;
using System.Text.Json;
using MeshIoT.Sensors;

namespace MeshIoT.Mqtt.Publishing;

/// <summary>A reading on the wire: <c>{"v":21.5,"u":"°C","t":"2026-11-20T10:00:00.000Z","q":"good"}</c>. v is null where there is no good value.</summary>
public static class ReadingJson
{
    static readonly JsonWriterOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The payload.</summary>
    /// <param name="value">The value; null: there is none.</param>
    /// <param name="unit">Its unit.</param>
    /// <param name="unixMs">When it was sampled, milliseconds since 1970-01-01 UTC.</param>
    /// <param name="quality">How far to trust it.</param>
    public static byte[] Write(double? value, string unit, long unixMs, Quality quality)
    {
        ArrayBufferWriter<byte> into = new(96);
        using (Utf8JsonWriter writer = new(into, Plain))
        {
            writer.WriteStartObject();
            if (value is { } v && double.IsFinite(v))
            {
                writer.WriteNumber("v", v);
            }
            else
            {
                writer.WriteNull("v");
            }

            writer.WriteString("u", unit);
            writer.WriteString("t", Time(unixMs));
            writer.WriteString("q", quality switch { Quality.Good => "good", Quality.Stale => "stale", _ => "bad" });
            writer.WriteEndObject();
        }

        return into.WrittenSpan.ToArray();
    }

    /// <summary>Reads such a payload; false for anything else.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out double? value, out long unixMs, out bool isGood)
    {
        (value, unixMs, isGood) = (null, 0, false);
        try
        {
            Utf8JsonReader reader = new(payload);
            bool hasTime = false;
            string name = "";
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        name = reader.GetString() ?? "";
                        break;
                    case JsonTokenType.Number when name == "v":
                        value = reader.GetDouble();
                        break;
                    case JsonTokenType.String when name == "t":
                        hasTime = DateTimeOffset.TryParse(reader.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time);
                        unixMs = time.ToUnixTimeMilliseconds();
                        break;
                    case JsonTokenType.String when name == "q":
                        isGood = reader.ValueTextEquals("good"u8);
                        break;
                }
            }

            return hasTime;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    static string Time(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(unixMs, 0, 253_402_300_799_000)).UtcDateTime
        .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
