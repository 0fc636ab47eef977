using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Health;

namespace MeshIoT.Agent.Configuration;

/// <summary>The plain settings of meshiot.toml: those that have a flag and a variable too.</summary>
internal static class SettingsFile
{
    /// <summary>The settings that stand in <paramref name="root"/>; the sections of the file are read by <see cref="GatewaySections"/>.</summary>
    public static IReadOnlyDictionary<string, SettingValue> Of(ConfigTable root)
    {
        Dictionary<string, SettingValue> found = new(StringComparer.Ordinal);
        root.Knows(Settings.All.Select(s => s.Key));
        root.Knows(GatewaySections.Names);
        root.Finish();
        foreach (Setting setting in Settings.All)
        {
            if (root.Tables.TryGetValue(setting.Key, out List<ConfigTable>? tables))
            {
                throw Faults.SettingMalformed.With(setting.Key, "[" + setting.Key + "]", tables[0].Origin, setting.Expects).ToException();
            }

            if (root.Values.TryGetValue(setting.Key, out ConfigValue? value))
            {
                found[setting.Key] = new SettingValue(TextOf(value, setting, root), value.Origin);
            }
        }

        return found;
    }

    static string TextOf(ConfigValue value, Setting setting, ConfigTable root) => value.Kind switch
    {
        ConfigKind.Other => throw root.Malformed(setting.Key, setting.Expects),
        ConfigKind.List => string.Join(',', value.Items!.Select(i => TextOf(i, setting, root))),
        _ => value.Text,
    };
}
