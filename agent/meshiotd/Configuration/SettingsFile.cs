using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using MeshIoT.Health;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace MeshIoT.Agent.Configuration;

/// <summary>Reads meshiot.toml. Errors name the line, what stands there and what was expected.</summary>
internal static class SettingsFile
{
    /// <summary>More than a configuration ever needs.</summary>
    const int MaxBytes = 256 * 1024;

    /// <summary>Where the file is when nobody says.</summary>
    public const string DefaultPath = "/etc/meshiot/meshiot.toml";

    /// <summary>The file's settings; none when the default file does not exist.</summary>
    /// <param name="path">The file, or null for the default.</param>
    public static IReadOnlyDictionary<string, SettingValue> Read(string? path)
    {
        string file = path ?? DefaultPath;
        try
        {
            if (path is null && !File.Exists(file))
            {
                return new Dictionary<string, SettingValue>();
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

    /// <summary>Reads TOML text; <paramref name="name"/> is for error texts.</summary>
    public static IReadOnlyDictionary<string, SettingValue> Parse(string text, string name)
    {
        DocumentSyntax document = SyntaxParser.Parse(text, name, true);
        if (document.HasErrors)
        {
            DiagnosticMessage first = document.Diagnostics[0];
            throw Faults.ConfigUnreadable.With(name, string.Create(CultureInfo.InvariantCulture,
                $"line {first.Span.Start.Line + 1}, column {first.Span.Start.Column + 1}: {first.Message}.")).ToException();
        }

        Dictionary<string, SettingValue> found = new(StringComparer.Ordinal);
        foreach (TableSyntaxBase table in document.Tables)
        {
            throw Unknown($"[{table.Name}]", name, table.Span.Start.Line);
        }

        foreach (KeyValueSyntax pair in document.KeyValues)
        {
            string key = pair.Key!.ToString().Trim();
            int line = pair.Span.Start.Line;
            Setting setting = Array.Find(Settings.All, s => s.Key == key) ?? throw Unknown(key, name, line);
            string origin = string.Create(CultureInfo.InvariantCulture, $"{name}:{line + 1}");
            found[key] = new SettingValue(TextOf(pair.Value, setting, origin), origin);
        }

        return found;
    }

    static string TextOf(ValueSyntax? value, Setting setting, string origin)
    {
        switch (value)
        {
            case StringValueSyntax text:
                return text.Value ?? "";
            case IntegerValueSyntax number:
                return number.Value.ToString(CultureInfo.InvariantCulture);
            case FloatValueSyntax number:
                return number.Value.ToString(CultureInfo.InvariantCulture);
            case ArraySyntax list:
                List<string> parts = [];
                foreach (ArrayItemSyntax item in list.Items)
                {
                    parts.Add(TextOf(item.Value, setting, origin));
                }

                return string.Join(',', parts);
            default:
                throw Faults.SettingMalformed.With(setting.Key, value?.ToString().Trim() ?? "", origin, setting.Expects).ToException();
        }
    }

    static FaultException Unknown(string key, string file, int line) => Faults.SettingUnknown.With(
        key, string.Create(CultureInfo.InvariantCulture, $"{file}:{line + 1}"), Nearest.Hint(key)).ToException();
}
