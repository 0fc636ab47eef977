using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace MeshIoT.Sensors.Host;

/// <summary>1-Wire thermometers under /sys/bus/w1/devices, read through the kernel's w1_therm (Documentation/w1/slaves/w1_therm).</summary>
internal static class OneWireSensors
{
    /// <summary>Where the kernel shows them.</summary>
    public const string Directory = "/sys/bus/w1/devices";

    /// <summary>Family codes of DS18S20, DS1822, DS18B20, DS1825 and DS28EA00.</summary>
    static readonly string[] Families = ["10-", "22-", "28-", "3b-", "42-"];

    public static IEnumerable<Sensor> Discover(string root)
    {
        foreach (string device in Paths(root))
        {
            yield return new OneWireThermometer(device);
        }
    }

    /// <summary>The folders of all thermometers.</summary>
    public static IEnumerable<string> Paths(string root)
    {
        foreach (string family in Families)
        {
            foreach (string device in SysfsFile.Directories(root + Directory, family + "*"))
            {
                yield return device;
            }
        }
    }
}

/// <summary>One thermometer: two lines, the first ends in YES when the scratchpad's CRC is right, the second in t= and m°C.</summary>
internal sealed class OneWireThermometer(string device) : Sensor(
    new(SensorId.From("w1", Path.GetFileName(device)), "1-Wire " + Path.GetFileName(device), "w1", "temperature", "°C"))
{
    /// <summary>The value a DS18B20 holds after power-up, before its first conversion: not a measurement.</summary>
    const int PowerOnMilliCelsius = 85_000;

    public override bool TryRead(long unixMs, out double value)
    {
        value = 0;
        return SysfsFile.TryReadText(device + "/w1_slave", out string text) && TryParse(text, out value);
    }

    internal static bool TryParse(string text, out double celsius) => Trouble(text, out celsius) is null;

    /// <summary>The temperature in what w1_therm says; null, or why there is none.</summary>
    internal static string? Trouble(string text, out double celsius)
    {
        celsius = 0;
        int lineEnd = text.IndexOf('\n', StringComparison.Ordinal), t = text.LastIndexOf("t=", StringComparison.Ordinal);
        if (lineEnd < 0 || t < lineEnd || !int.TryParse(text.AsSpan(t + 2).Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int milli))
        {
            return "what the kernel says of it is no reading";
        }

        if (!text.AsSpan(0, lineEnd).TrimEnd().EndsWith("YES"))
        {
            return "the checksum is wrong";
        }

        if (milli == PowerOnMilliCelsius)
        {
            return "it gives the value that it holds after power-up, 85 °C: its supply is weak or interrupted";
        }

        if (milli is < -55_000 or > 125_000)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{milli / 1000.0:0.###} °C is outside what it can measure");
        }

        celsius = Math.Round(milli / 1000.0, 3);
        return null;
    }
}
