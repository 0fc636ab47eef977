using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using MeshIoT.Health;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace MeshIoT.Agent.Configuration;

/// <summary>Reads a TOML file into a <see cref="ConfigTable"/>. Errors name the line, the column, what stands there and what was expected.</summary>
internal static class ConfigFile
{
    /// <summary>More than a configuration ever needs.</summary>
    const int MaxBytes = 1024 * 1024;

    const int MaxDepth = 8;

    /// <summary>Where the file is when nobody says.</summary>
    public const string DefaultPath = "/etc/meshiot/meshiot.toml";

    /// <summary>The file's content; empty when the default file does not exist.</summary>
    /// <param name="path">The file, or null for the default.</param>
    public static ConfigTable Read(string? path)
    {
        string file = path ?? DefaultPath;
        try
        {
            if (path is null && !File.Exists(file))
            {
                return new ConfigTable("", file);
            }

            if (new FileInfo(file).Length > MaxBytes)
            {
                throw Faults.ConfigUnreadable.With(file, $"it is larger than {MaxBytes / 1024} KiB.").ToException();
            }

            return Parse(File.ReadAllText(file), file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Faults.ConfigUnreadable.With(file, e is FileNotFoundException ? "it does not exist." : e.Message).ToException(e);
        }
    }

    /// <summary>Reads TOML text; <paramref name="file"/> is for error texts.</summary>
    public static ConfigTable Parse(string text, string file)
    {
        // Not validated by the parser: it takes a key of one [[table]] for that of another. What stands twice is found below.
        DocumentSyntax document = SyntaxParser.Parse(text, file, false);
        if (document.HasErrors)
        {
            DiagnosticMessage first = document.Diagnostics[0];
            throw Faults.ConfigUnreadable.With(file, string.Create(CultureInfo.InvariantCulture,
                $"line {first.Span.Start.Line + 1}, column {first.Span.Start.Column + 1}: {first.Message}.")).ToException();
        }

        ConfigTable root = new("", file);
        Fill(root, document.KeyValues, file, 0);
        HashSet<string> opened = new(StringComparer.Ordinal);
        foreach (TableSyntaxBase syntax in document.Tables)
        {
            List<string> path = KeysOf(syntax.Name!);
            bool isArray = syntax is TableArraySyntax;
            ConfigTable parent = root;
            for (int i = 0; i < path.Count - 1; i++)
            {
                parent = Down(parent, path[i], At(syntax, file));
            }

            ConfigTable table;
            string full = parent.Name.Length == 0 ? path[^1] : parent.Name + "." + path[^1];
            if (!isArray && parent.Tables.TryGetValue(path[^1], out List<ConfigTable>? there) && opened.Add(full + "@" + parent.Origin))
            {
                table = there[^1];
            }
            else if (!isArray && parent.Tables.ContainsKey(path[^1]))
            {
                throw Twice(full, At(syntax, file));
            }
            else
            {
                opened.Add(full + "@" + parent.Origin);
                table = new ConfigTable(full, At(syntax, file));
                if (parent.Has(path[^1]))
                {
                    throw Twice(full, At(syntax, file));
                }

                parent.Add(path[^1], table);
            }

            Fill(table, syntax.Items, file, 0);
        }

        return root;
    }

    static void Fill(ConfigTable table, IEnumerable<KeyValueSyntax> pairs, string file, int depth)
    {
        foreach (KeyValueSyntax pair in pairs)
        {
            List<string> path = KeysOf(pair.Key!);
            ConfigTable at = table;
            for (int i = 0; i < path.Count - 1; i++)
            {
                at = Down(at, path[i], At(pair, file));
            }

            if (pair.Value is InlineTableSyntax inline && depth < MaxDepth)
            {
                ConfigTable inner = new(at.Name.Length == 0 ? path[^1] : at.Name + "." + path[^1], At(pair, file));
                if (at.Has(path[^1]) || at.Tables.ContainsKey(path[^1]))
                {
                    throw Twice(path[^1], At(pair, file));
                }

                at.Add(path[^1], inner);
                List<KeyValueSyntax> items = [];
                foreach (InlineTableItemSyntax item in inline.Items)
                {
                    items.Add(item.KeyValue!);
                }

                Fill(inner, items, file, depth + 1);
            }
            else if (!at.TryAdd(path[^1], ValueOf(pair.Value, file, 0)))
            {
                throw Twice(path[^1], At(pair, file));
            }
        }
    }

    static ConfigTable Down(ConfigTable parent, string key, string origin)
    {
        if (parent.Tables.TryGetValue(key, out List<ConfigTable>? list))
        {
            return list[^1];
        }

        if (parent.Has(key))
        {
            throw Twice(key, origin);
        }

        ConfigTable made = new(parent.Name.Length == 0 ? key : parent.Name + "." + key, origin);
        parent.Add(key, made);
        return made;
    }

    static ConfigValue ValueOf(ValueSyntax? value, string file, int depth)
    {
        string at = value is null ? file : At(value, file);
        switch (value)
        {
            case StringValueSyntax text:
                return new ConfigValue(ConfigKind.Text, text.Value ?? "", at);
            case IntegerValueSyntax number:
                return new ConfigValue(ConfigKind.Whole, number.Value.ToString(CultureInfo.InvariantCulture), at);
            case FloatValueSyntax number:
                return new ConfigValue(ConfigKind.Real, number.Value.ToString("R", CultureInfo.InvariantCulture), at);
            case BooleanValueSyntax flag:
                return new ConfigValue(ConfigKind.Flag, flag.Value ? "true" : "false", at);
            case ArraySyntax list when depth < MaxDepth:
                List<ConfigValue> items = [];
                foreach (ArrayItemSyntax item in list.Items)
                {
                    items.Add(ValueOf(item.Value, file, depth + 1));
                }

                return new ConfigValue(ConfigKind.List, string.Join('\n', items.ConvertAll(i => i.Text)), at, items);
            default:
                return new ConfigValue(ConfigKind.Other, value?.ToString().Trim() ?? "", at);
        }
    }

    static List<string> KeysOf(KeySyntax key)
    {
        List<string> path = [NameOf(key.Key!)];
        foreach (DottedKeyItemSyntax dotted in key.DotKeys)
        {
            path.Add(NameOf(dotted.Key!));
        }

        return path;
    }

    static string NameOf(BareKeyOrStringValueSyntax key) => key switch
    {
        StringValueSyntax text => text.Value ?? "",
        _ => key.ToString().Trim(),
    };

    static string At(SyntaxNode node, string file) =>
        string.Create(CultureInfo.InvariantCulture, $"{file}:{node.Span.Start.Line + 1}:{node.Span.Start.Column + 1}");

    static FaultException Twice(string key, string at) => Faults.ConfigUnreadable.With(at, $"\"{key}\" stands there for the second time.").ToException();
}
