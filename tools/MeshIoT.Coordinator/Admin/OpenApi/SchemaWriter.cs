using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace MeshIoT.Coordinator;

/// <summary>Writes JSON schemas of bodies from their serialisation contracts; one component for each, named by its type.</summary>
internal sealed class SchemaWriter
{
    readonly SortedDictionary<string, JsonObject?> schemas = new(StringComparer.Ordinal);

    /// <summary>A reference to the component of <paramref name="type"/>, which is written where it is not yet.</summary>
    public JsonObject Reference(JsonTypeInfo type)
    {
        string name = NameOf(type);
        if (schemas.TryAdd(name, null))
        {
            schemas[name] = Object(type, name);
        }

        return new JsonObject { ["$ref"] = "#/components/schemas/" + name };
    }

    /// <summary>All components; ends the use of this writer.</summary>
    public JsonObject Take()
    {
        JsonObject all = [];
        foreach ((string name, JsonObject? schema) in schemas)
        {
            all[name] = schema;
        }

        return all;
    }

    /// <summary>A component's name: the type's, without its ending.</summary>
    public static string NameOf(JsonTypeInfo type) => type.Type.Name.EndsWith("Dto", StringComparison.Ordinal) ? type.Type.Name[..^3] : type.Type.Name;

    JsonObject Object(JsonTypeInfo type, string name)
    {
        JsonObject properties = [];
        JsonArray required = [];
        foreach (JsonPropertyInfo property in type.Properties)
        {
            JsonObject schema = Of(type.Options.GetTypeInfo(property.PropertyType));
            schema["description"] = SchemaNotes.Fields[$"{name}.{property.Name}"];
            if (SchemaNotes.Values.TryGetValue($"{name}.{property.Name}", out string[]? values))
            {
                JsonObject target = schema["items"] as JsonObject ?? schema;
                target["enum"] = new JsonArray([.. values.Select(v => (JsonNode)v)]);
            }

            properties[property.Name] = schema;
            if (property.IsRequired)
            {
                required.Add((JsonNode)property.Name);
            }
        }

        JsonObject result = new() { ["type"] = "object", ["properties"] = properties };
        if (required.Count > 0)
        {
            result["required"] = required;
        }

        return result;
    }

    JsonObject Of(JsonTypeInfo type)
    {
        Type plain = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        return type.Kind switch
        {
            JsonTypeInfoKind.Object => Reference(type),
            JsonTypeInfoKind.Enumerable => new JsonObject { ["type"] = "array", ["items"] = Of(type.Options.GetTypeInfo(type.ElementType!)) },
            _ when plain == typeof(bool) => new JsonObject { ["type"] = "boolean" },
            _ when plain == typeof(int) => new JsonObject { ["type"] = "integer", ["format"] = "int32" },
            _ when plain == typeof(long) => new JsonObject { ["type"] = "integer", ["format"] = "int64" },
            _ when plain == typeof(DateTimeOffset) => new JsonObject { ["type"] = "string", ["format"] = "date-time" },
            _ => new JsonObject { ["type"] = "string" },
        };
    }
}
