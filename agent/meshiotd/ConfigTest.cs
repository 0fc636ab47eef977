using System.IO;
using MeshIoT.Agent.Configuration;

namespace MeshIoT.Agent;

/// <summary>Prints every effective setting with its origin.</summary>
internal static class ConfigTest
{
    public static void Write(Settings settings, TextWriter to)
    {
        foreach (Setting s in MeshOnly.SettingsOfThisBuild)
        {
            SettingValue value = settings[s.Key];
            string text = s.Key == "state_dir" && value.Text.Length == 0 ? settings.StateDirectory : value.Text;
            to.WriteLine($"{s.Key} = \"{text}\"  # {value.Origin}");
        }
    }
}
