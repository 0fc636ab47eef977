using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Health;

namespace MeshIoT.Agent.Configuration;

/// <summary>What a mesh-only build cannot do is refused by name and place, not passed over: a file with sensors wants a gateway.</summary>
internal static class MeshOnly
{
    /// <summary>Settings that a gateway alone has.</summary>
    public static IReadOnlyList<string> Settings { get; } = ["web_listen", "web_token_file", "web_switch", "sample_interval", "gpio_driver", "sensors"];

    /// <summary>What can be set in this build.</summary>
    public static IEnumerable<Setting> SettingsOfThisBuild => Profile.HasGateway ? Configuration.Settings.All : Array.FindAll(Configuration.Settings.All, static s => !Settings.Contains(s.Key));

    /// <summary>Refuses the first section or setting that this build has no part for.</summary>
    /// <exception cref="FaultException">There is one.</exception>
    public static void Check(ConfigTable file, Settings settings)
    {
        foreach (string section in GatewaySections.Names)
        {
            if (file.Tables.TryGetValue(section, out List<ConfigTable>? tables))
            {
                throw Faults.NotInThisBuild.With("[" + section + "]", tables[0].Origin).ToException();
            }
        }

        foreach (string key in Settings)
        {
            if (settings[key].Origin != "default")
            {
                throw Faults.NotInThisBuild.With(key, settings[key].Origin).ToException();
            }
        }
    }
}
