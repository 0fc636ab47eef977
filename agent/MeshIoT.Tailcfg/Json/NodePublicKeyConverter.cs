using System;
using System.Text.Json;
using System.Text.Json.Serialization;
using MeshIoT.Crypto;

namespace MeshIoT.Tailcfg;

/// <summary>A node key's text form; null and the empty string read as the zero key. control-plane.md section 1.</summary>
internal sealed class NodePublicKeyConverter : JsonConverter<NodePublicKey>
{
    public override bool HandleNull => true;

    public override NodePublicKey Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return default;
        }

        string text = KeyText.Read(ref reader);
        return text.Length == 0 ? default
            : NodePublicKey.TryParse(text, out NodePublicKey key) ? key
            : throw new JsonException("not a node key");
    }

    public override void Write(Utf8JsonWriter writer, NodePublicKey value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
