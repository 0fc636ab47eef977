namespace MeshIoT.Agent.Configuration;

/// <summary>One setting: its names in the three places people can set it, its default and what it is for.</summary>
/// <param name="Key">Name in the configuration file; with dashes it is the flag, upper case with MESHIOT_ the environment variable.</param>
/// <param name="Default">What holds when nobody sets it, as text.</param>
/// <param name="Expects">What a value must be, for error texts.</param>
/// <param name="Help">One line for people.</param>
internal sealed record Setting(string Key, string Default, string Expects, string Help)
{
    public string Flag => "--" + Key.Replace('_', '-');

    public string Variable => "MESHIOT_" + Key.ToUpperInvariant();
}

/// <summary>A setting's value and where it comes from ("--flag", "MESHIOT_X", "FILE:LINE", "default").</summary>
internal sealed record SettingValue(string Text, string Origin);
