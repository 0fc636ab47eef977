using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Health;

namespace MeshIoT.Agent.Configuration;

/// <summary>What the daemon was asked to do. Its flags are the settings, one for one, so the table of settings is the parser.</summary>
/// <param name="Verb">"run", "configtest", "mqtt-password", "help", "version" or "version --verbose".</param>
/// <param name="ConfigPath">The file named by --config; the user's name after "mqtt-password".</param>
/// <param name="Flags">Settings given as flags.</param>
internal sealed record CommandLine(string Verb, string? ConfigPath, IReadOnlyDictionary<string, SettingValue> Flags)
{
    /// <summary>Reads the arguments: <c>--flag VALUE</c> or <c>--flag=VALUE</c>.</summary>
    public static CommandLine Parse(ReadOnlySpan<string> args)
    {
        string verb = "run";
        string? config = null;
        Dictionary<string, SettingValue> flags = new(StringComparer.Ordinal);
        for (int i = 0; i < args.Length; i++)
        {
            string arg = args[i];
            if (arg is "--help" or "-h" or "help")
            {
                return new("help", null, flags);
            }

            if (arg is "--version" or "version")
            {
                return new(args.Contains("--verbose") ? "version --verbose" : "version", null, flags);
            }

            if (arg == "mqtt-password" && i == 0)
            {
                return new(arg, args.Length == 2 ? args[1] : "", flags);
            }

            if (arg is "run" or "configtest" && i == 0)
            {
                verb = arg;
                continue;
            }

            int equals = arg.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? arg : arg[..equals];
            Setting? setting = Array.Find(Settings.All, s => s.Flag == name);
            if (setting is null && name != "--config")
            {
                throw Faults.SettingUnknown.With(name, "command line", Nearest.Hint(name.TrimStart('-').Replace('-', '_'), Settings.All.Select(s => s.Key))).ToException();
            }

            string value = equals >= 0 ? arg[(equals + 1)..]
                : i + 1 < args.Length ? args[++i]
                : throw Faults.SettingMalformed.With(name, "", "command line", "followed by a value").ToException();
            if (setting is null)
            {
                config = value;
            }
            else
            {
                flags[setting.Key] = new SettingValue(value, name);
            }
        }

        return new(verb, config, flags);
    }
}
