using System.Collections.Generic;

namespace MeshIoT.Mqtt.Tests.HomeAssistant;

/// <summary>The least that entries of drivers need which cannot do without options.</summary>
internal static class DriverExamples
{
    /// <summary>Everything that a program can give in its usual unit.</summary>
    static readonly string Usual = string.Join('\n',
        "temperature", "humidity", "moisture", "battery", "pressure", "atmospheric_pressure", "illuminance", "voltage", "current", "power", "energy", "frequency",
        "carbon_dioxide", "distance", "speed", "wind_speed", "precipitation", "weight", "volume", "water", "gas", "signal_strength", "ph", "anything");

    public static IReadOnlyDictionary<string, string> OptionsOf(string driver) => driver switch
    {
        "gpio-in" => new Dictionary<string, string> { ["pin"] = "4", ["mode"] = "state,count,frequency" },
        "iio" => new Dictionary<string, string> { ["device"] = "ads1015", ["channel"] = "voltage0" },
        "exec" => new Dictionary<string, string> { ["command"] = "/bin/true", ["values"] = Usual },
        "socket" => new Dictionary<string, string> { ["values"] = Usual },
        _ => new Dictionary<string, string>(),
    };
}
