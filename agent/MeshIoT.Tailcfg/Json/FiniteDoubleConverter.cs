using System;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeshIoT.Tailcfg;

/// <summary>A number that fits a double; 1e999 would read as infinity, which no reader expects and no writer can write.</summary>
internal sealed class FiniteDoubleConverter : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out double value) && double.IsFinite(value)
            ? value
            : throw new JsonException("not a finite number");

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(double.IsFinite(value) ? value : 0);
}
