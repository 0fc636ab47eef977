using System.Collections.Generic;

namespace MeshIoT.Mqtt.Tests.HomeAssistant;

/// <summary>The least that entries of drivers need which cannot do without options.</summary>
internal static class DriverExamples
{
    public static IReadOnlyDictionary<string, string> OptionsOf(string driver) => driver switch
    {
        "gpio-in" => new Dictionary<string, string> { ["pin"] = "4", ["mode"] = "state,count,frequency" },
        _ => new Dictionary<string, string>(),
    };
}
