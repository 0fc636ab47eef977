using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace MeshIoT.Interop;

/// <summary>JSON as the comparison wants it.</summary>
internal static class Json
{
    /// <summary>The value without white space, members by name.</summary>
    public static string Canonical(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(',', value.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => $"{p.Name}:{Canonical(p.Value)}")) + "}",
        JsonValueKind.Array => "[" + string.Join(',', value.EnumerateArray().Select(Canonical)) + "]",
        _ => value.ToString(),
    };

    public static JsonElement? Member(JsonElement? from, string name)
        => from is { ValueKind: JsonValueKind.Object } o && o.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static IEnumerable<JsonProperty> Members(JsonElement? from) => from is { ValueKind: JsonValueKind.Object } o ? [.. o.EnumerateObject()] : [];

    public static SortedSet<string> Strings(JsonElement? list)
        => new(list is { ValueKind: JsonValueKind.Array } l ? l.EnumerateArray().Select(i => i.ToString()) : [], StringComparer.Ordinal);
}
