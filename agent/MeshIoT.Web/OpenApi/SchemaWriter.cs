using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace MeshIoT.Web.OpenApi;

/// <summary>Writes JSON schemas of bodies from their serialisation contracts; one component for each, named by its type.</summary>
internal sealed class SchemaWriter(Utf8JsonWriter to)
{
    readonly SortedDictionary<string, JsonTypeInfo> wanted = new(StringComparer.Ordinal);
    readonly HashSet<string> written = new(StringComparer.Ordinal);

    /// <summary>Has the component of <paramref name="type"/> written with the others.</summary>
    public void Want(JsonTypeInfo type) => wanted.TryAdd(NameOf(type), type);

    /// <summary>Writes a reference to the component of <paramref name="type"/> into the schema that is open.</summary>
    public void Refer(JsonTypeInfo type)
    {
        Want(type);
        to.WriteString("$ref", "#/components/schemas/" + NameOf(type));
    }

    /// <summary>Writes all components that were wanted, and those that they want.</summary>
    public void WriteAll()
    {
        while (Next() is { } next)
        {
            WriteObject(next);
        }
    }

    /// <summary>A component's name: the type's, without its ending.</summary>
    public static string NameOf(JsonTypeInfo type) => type.Type.Name.EndsWith("Dto", StringComparison.Ordinal) ? type.Type.Name[..^3] : type.Type.Name;

    JsonTypeInfo? Next()
    {
        foreach ((string name, JsonTypeInfo type) in wanted)
        {
            if (written.Add(name))
            {
                return type;
            }
        }

        return null;
    }

    void WriteObject(JsonTypeInfo type)
    {
        string name = NameOf(type);
        List<string> required = [];
        to.WriteStartObject(name);
        to.WriteString("type", "object");
        to.WriteStartObject("properties");
        foreach (JsonPropertyInfo property in type.Properties)
        {
            to.WriteStartObject(property.Name);
            to.WriteString("description", FieldNotes.Of(name, property.Name));
            WriteType(type.Options.GetTypeInfo(property.PropertyType));
            to.WriteEndObject();
            if (property.IsRequired)
            {
                required.Add(property.Name);
            }
        }

        to.WriteEndObject();
        if (required.Count > 0)
        {
            to.WriteStartArray("required");
            foreach (string field in required)
            {
                to.WriteStringValue(field);
            }

            to.WriteEndArray();
        }

        to.WriteEndObject();
    }

    void WriteType(JsonTypeInfo type)
    {
        Type? inner = Nullable.GetUnderlyingType(type.Type);
        Type plain = inner ?? type.Type;
        if (type.Kind == JsonTypeInfoKind.Object)
        {
            Refer(type);
        }
        else if (type.Kind == JsonTypeInfoKind.Enumerable)
        {
            to.WriteString("type", "array");
            to.WriteStartObject("items");
            WriteType(type.Options.GetTypeInfo(type.ElementType!));
            to.WriteEndObject();
        }
        else
        {
            (string kind, string? format) = plain == typeof(bool) ? ("boolean", null)
                : plain == typeof(int) ? ("integer", "int32")
                : plain == typeof(long) ? ("integer", "int64")
                : plain == typeof(double) ? ("number", "double")
                : plain == typeof(DateTimeOffset) ? ("string", "date-time")
                : ("string", (string?)null);
            to.WriteString("type", kind);
            if (format is not null)
            {
                to.WriteString("format", format);
            }
        }
    }
}
