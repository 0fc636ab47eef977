using System;
using System.Linq;
using System.Text.Json;

namespace MeshIoT.Coordinator.Tests;

/// <summary>Holds a value against the part of JSON Schema that the OpenAPI document uses; a field that the schema does not name is a fault too.</summary>
internal sealed class SchemaCheck(JsonElement document)
{
    /// <summary>Null when the value fits, else where and why not.</summary>
    public string? WhatIsWrong(JsonElement value, JsonElement schema, string at = "$")
    {
        if (schema.TryGetProperty("$ref", out JsonElement reference))
        {
            schema = document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]);
        }

        if (schema.TryGetProperty("enum", out JsonElement allowed) && !allowed.EnumerateArray().Any(a => a.GetString() == value.GetString()))
        {
            return $"{at} is {value}";
        }

        return schema.GetProperty("type").GetString() switch
        {
            "object" => InObject(value, schema, at),
            "array" => value.ValueKind != JsonValueKind.Array ? at + " is no list"
                : value.EnumerateArray().Select((item, i) => WhatIsWrong(item, schema.GetProperty("items"), $"{at}[{i}]")).FirstOrDefault(w => w is not null),
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : at + " is no boolean",
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _) ? null : at + " is no integer",
            "string" => value.ValueKind != JsonValueKind.String ? at + " is no text"
                : schema.TryGetProperty("format", out _) && !value.TryGetDateTimeOffset(out _) ? at + " is no time" : null,
            string other => $"{at} has the unknown type {other}",
            null => at + " has no type",
        };
    }

    string? InObject(JsonElement value, JsonElement schema, string at)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return at + " is no object";
        }

        JsonElement properties = schema.GetProperty("properties");
        foreach (JsonProperty member in value.EnumerateObject())
        {
            string? wrong = properties.TryGetProperty(member.Name, out JsonElement inner) ? WhatIsWrong(member.Value, inner, $"{at}.{member.Name}") : $"{at}.{member.Name} is not in the schema";
            if (wrong is not null)
            {
                return wrong;
            }
        }

        return schema.TryGetProperty("required", out JsonElement required) && required.EnumerateArray().FirstOrDefault(r => !value.TryGetProperty(r.GetString()!, out _)) is { ValueKind: JsonValueKind.String } missing
            ? $"{at}.{missing} is missing"
            : null;
    }
}
