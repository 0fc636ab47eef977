using System;
using System.Text.Json;
using System.Text.Json.Serialization;
using MeshIoT.Crypto;

namespace MeshIoT.Tailcfg;

/// <summary>A machine key's text form; null and the empty string read as the zero key. control-plane.md section 1.</summary>
internal sealed class MachinePublicKeyConverter : JsonConverter<MachinePublicKey>
{
    public override bool HandleNull => true;

    public override MachinePublicKey Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return default;
        }

        string text = KeyText.Read(ref reader);
        return text.Length == 0 ? default
            : MachinePublicKey.TryParse(text, out MachinePublicKey key) ? key
            : throw new JsonException("not a machine key");
    }

    public override void Write(Utf8JsonWriter writer, MachinePublicKey value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
