using System;
using System.Text.Json;
using System.Text.Json.Serialization;
using MeshIoT.Crypto;

namespace MeshIoT.Tailcfg;

/// <summary>A disco key's text form; null and the empty string read as the zero key. control-plane.md section 1.</summary>
internal sealed class DiscoPublicKeyConverter : JsonConverter<DiscoPublicKey>
{
    public override bool HandleNull => true;

    public override DiscoPublicKey Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return default;
        }

        string text = KeyText.Read(ref reader);
        return text.Length == 0 ? default
            : DiscoPublicKey.TryParse(text, out DiscoPublicKey key) ? key
            : throw new JsonException("not a disco key");
    }

    public override void Write(Utf8JsonWriter writer, DiscoPublicKey value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
