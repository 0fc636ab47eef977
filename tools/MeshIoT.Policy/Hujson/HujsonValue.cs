using System.Collections.Generic;
using System.Text;
using System.Text.Json;

namespace MeshIoT.Policy.Hujson;

/// <summary>A JSON value that remembers where it stood.</summary>
internal sealed class HujsonValue(HujsonKind kind, TextPosition at)
{
    public HujsonKind Kind { get; } = kind;

    public TextPosition At { get; } = at;

    /// <summary>A string's content, or a number as it was written.</summary>
    public string Text { get; init; } = "";

    public List<HujsonValue> Items { get; init; } = [];

    public List<HujsonMember> Members { get; init; } = [];

    /// <summary>The kind in the words of an error message.</summary>
    public string KindName => Kind switch
    {
        HujsonKind.Null => "null",
        HujsonKind.True or HujsonKind.False => "a boolean",
        HujsonKind.Number => "a number",
        HujsonKind.String => "a string",
        HujsonKind.Array => "a list",
        _ => "an object",
    };

    /// <summary>The value as plain JSON, without comments and trailing commas.</summary>
    public JsonElement ToJson()
    {
        StringBuilder json = new();
        Write(json);
        using JsonDocument document = JsonDocument.Parse(json.ToString(), new JsonDocumentOptions { MaxDepth = HujsonParser.MaxDepth + 1 });
        return document.RootElement.Clone();
    }

    void Write(StringBuilder json)
    {
        switch (Kind)
        {
            case HujsonKind.Null: json.Append("null"); break;
            case HujsonKind.True: json.Append("true"); break;
            case HujsonKind.False: json.Append("false"); break;
            case HujsonKind.Number: json.Append(Text); break;
            case HujsonKind.String: WriteString(json, Text); break;
            case HujsonKind.Array:
                json.Append('[');
                for (int i = 0; i < Items.Count; i++)
                {
                    if (i > 0)
                    {
                        json.Append(',');
                    }

                    Items[i].Write(json);
                }

                json.Append(']');
                break;
            default:
                json.Append('{');
                for (int i = 0; i < Members.Count; i++)
                {
                    if (i > 0)
                    {
                        json.Append(',');
                    }

                    WriteString(json, Members[i].Name);
                    json.Append(':');
                    Members[i].Value.Write(json);
                }

                json.Append('}');
                break;
        }
    }

    static void WriteString(StringBuilder json, string text) => json.Append('"').Append(JsonEncodedText.Encode(text)).Append('"');
}
