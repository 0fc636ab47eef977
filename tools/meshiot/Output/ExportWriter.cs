using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using System.Text.Json;

namespace MeshIoT.Cli.Output;

/// <summary>Puts the CSV of several gateways into one: with the gateway's name before each line, or as one JSON object a line.</summary>
internal sealed class ExportWriter(TextWriter to, bool json)
{
    string gateway = "", header = "";
    string[] names = [];

    /// <summary>Values written so far.</summary>
    public long Values { get; private set; }

    /// <summary>Begins a sensor's lines; <paramref name="first"/> names their columns.</summary>
    public void Begin(string from, string first)
    {
        gateway = Words.Cell(from);
        names = [.. Split(first)];
        if (!json && header.Length == 0)
        {
            to.Write($"gateway,{first}\r\n");
        }

        header = first;
    }

    /// <summary>Adds a line.</summary>
    public void Add(string line)
    {
        Values++;
        to.Write(json ? Json(line) + "\n" : $"{Quote(gateway)},{line}\r\n");
    }

    string Json(string line)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("gateway", gateway);
            List<string> fields = Split(line);
            for (int i = 0; i < fields.Count && i < names.Length; i++)
            {
                if (names[i] is "value" or "min" or "mean" or "max" or "count" && double.TryParse(fields[i], NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
                {
                    writer.WriteNumber(names[i], number);
                }
                else
                {
                    writer.WriteString(names[i], fields[i]);
                }
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    // RFC 4180, without line breaks within a field: times, ids and units have none.
    static List<string> Split(string line)
    {
        List<string> fields = [];
        StringBuilder field = new();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (c == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
            {
                field.Append('"');
                i++;
            }
            else if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(c);
            }
        }

        fields.Add(field.ToString());
        return fields;
    }

    static string Quote(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : '"' + text.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
}
