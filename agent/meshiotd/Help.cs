using System.IO;
using MeshIoT.Agent.Configuration;

namespace MeshIoT.Agent;

/// <summary>What --help prints: made from the table of settings, so it cannot fall behind.</summary>
internal static class Help
{
    public static void Write(TextWriter to)
    {
        to.WriteLine(Profile.HasGateway ? """
            meshiotd: joins a tailnet, reads this machine's sensors and serves them on its tailnet address, port 80.

            Usage:
              meshiotd [run] [--config FILE] [--SETTING VALUE …]
              meshiotd configtest [--config FILE] [--SETTING VALUE …]   print every value and where it comes from
              meshiotd version [--verbose]                              its version; verbose: and by which instructions packets are sealed
              meshiotd mqtt-password NAME                               read a password from standard input, print a line for users_file

            Examples:
              meshiotd                                    as root: an interface meshiot0; else inside the process
              meshiotd --sensors sim --web-listen 127.0.0.1:8088
              meshiot up --claim -                        joins, once the agent runs

            Each setting is a flag, an environment variable, or a line of /etc/meshiot/meshiot.toml; the first one found counts.
            """ : """
            meshiotd, mesh-only: joins a tailnet. This build has no sensors, outputs, history, alerts, display, page and MQTT.

            Usage:
              meshiotd [run] [--config FILE] [--SETTING VALUE …]
              meshiotd configtest [--config FILE] [--SETTING VALUE …]   print every value and where it comes from
              meshiotd version [--verbose]                              its version and profile; verbose: and by which instructions packets are sealed

            Examples:
              meshiotd                                    as root: an interface meshiot0; else inside the process
              meshiot up --claim -                        joins, once the agent runs

            Each setting is a flag, an environment variable, or a line of /etc/meshiot/meshiot.toml; the first one found counts.
            """);
        to.WriteLine();
        foreach (Setting s in MeshOnly.SettingsOfThisBuild)
        {
            to.WriteLine($"  {s.Flag} ({s.Variable}, {s.Key}{(s.Default.Length > 0 ? $" = {s.Default}" : "")})");
            to.WriteLine($"      {s.Help}");
        }
    }
}
