using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MeshIoT.Health;

namespace MeshIoT.Coordinator;

/// <summary>
/// Reads a body against its contract and says what is wrong in a person's words: which field, and what belongs there.
/// Unknown and repeated fields, other letter case, null where it is not said, and comments are refused.
/// </summary>
internal static class StrictJson
{
    const int MaxDepth = 16;

    static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>The value, or a fault that names the field.</summary>
    /// <exception cref="FaultException">It does not fit.</exception>
    public static T Read<T>(byte[] body, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, Strict);
            Check(document.RootElement, type, "");
            return document.Deserialize(type) ?? throw AdminCall.Invalid("the body is null");
        }
        catch (JsonException e)
        {
            throw Faults.AdminRequestInvalid.With(e.LineNumber is { } line
                ? $"the body is not JSON, or names a field twice, at line {line + 1}, byte {e.BytePositionInLine + 1}"
                : "the body is not JSON, or names a field twice").ToException(e);
        }
    }

    static void Check(JsonElement value, JsonTypeInfo type, string path)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object:
                CheckObject(value, type, path);
                break;
            case JsonTypeInfoKind.Enumerable:
                CheckList(value, type, path);
                break;
            default:
                CheckPlain(value, Nullable.GetUnderlyingType(type.Type) ?? type.Type, path);
                break;
        }
    }

    static void CheckObject(JsonElement value, JsonTypeInfo type, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Wrong(path, "must be an object");
        }

        HashSet<string> seen = [];
        foreach (JsonProperty member in value.EnumerateObject())
        {
            string at = path + (path.Length > 0 ? "." : "") + Printable(member.Name);
            JsonPropertyInfo property = type.Properties.FirstOrDefault(p => p.Name == member.Name)
                ?? throw Wrong(at, "is not a field of this request; there are " + string.Join(", ", type.Properties.Select(p => p.Name)));
            seen.Add(member.Name);
            if (member.Value.ValueKind != JsonValueKind.Null)
            {
                Check(member.Value, type.Options.GetTypeInfo(property.PropertyType), at);
            }
            else if (!property.IsSetNullable)
            {
                throw Wrong(at, "must not be null");
            }
        }

        if (type.Properties.FirstOrDefault(p => p.IsRequired && !seen.Contains(p.Name)) is { } missing)
        {
            throw Wrong(path + (path.Length > 0 ? "." : "") + missing.Name, "is missing");
        }
    }

    // Lists of text are all that a request has.
    static void CheckList(JsonElement value, JsonTypeInfo type, string path)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            throw Wrong(path, "must be a list");
        }

        int index = 0;
        foreach (JsonElement item in value.EnumerateArray())
        {
            CheckPlain(item, typeof(string), $"{path}[{index++}]");
        }
    }

    static void CheckPlain(JsonElement value, Type type, string path)
    {
        string? wrong =
            type == typeof(string) ? value.ValueKind == JsonValueKind.String && IsWellFormed(value) ? null : "must be text"
            : type == typeof(bool) ? value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : "must be true or false"
            : type == typeof(int) ? value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _) ? null : "must be a whole number, not too large"
            : type == typeof(long) ? value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _) ? null : "must be a whole number, not too large"
            : type == typeof(DateTimeOffset) ? value.ValueKind == JsonValueKind.String && IsWellFormed(value) && value.TryGetDateTimeOffset(out _) ? null : "must be a time such as 2026-12-31T23:00:00Z"
            : null;
        if (wrong is not null)
        {
            throw Wrong(path, wrong);
        }
    }

    // Half of a surrogate pair, or bytes that are not UTF-8, are found only when the text is made.
    static bool IsWellFormed(JsonElement value)
    {
        try
        {
            return value.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    static FaultException Wrong(string path, string why) => AdminCall.Invalid(path.Length == 0 ? $"the body {why}" : $"{path} {why}");

    static string Printable(string name)
    {
        StringBuilder text = new();
        foreach (char c in name.AsSpan(0, Math.Min(name.Length, 60)))
        {
            text.Append(char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '?');
        }

        return text.Length == 0 ? "?" : text.ToString();
    }
}
