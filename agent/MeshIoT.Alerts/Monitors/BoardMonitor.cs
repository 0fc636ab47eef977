using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using MeshIoT.Health;

namespace MeshIoT.Alerts.Monitors;

/// <summary>
/// Reads how a Raspberry Pi is doing: its firmware's throttling word (bits 0 under-voltage, 1 frequency capped, 2 throttled, 3 soft temperature
/// limit; from 16 on the same since the start; vcgencmd's get_throttled) and, where only that is there, the alarm of the kernel's rpi_volt.
/// </summary>
/// <param name="root">"" on a board; a test gives a tree of its own.</param>
public sealed class BoardMonitor(string root)
{
    const string Word = "/sys/devices/platform/soc/soc:firmware/get_throttled";

    /// <summary>What is wrong now, by topic; null values: nothing. Empty on boards that tell nothing.</summary>
    public IReadOnlyList<(string Topic, FaultReport? Report)> Look()
    {
        if (ReadWord() is { } word)
        {
            return [("board:power", (word & 1) != 0 ? Faults.UnderVoltage.With() : null), ("board:speed", Throttling(word))];
        }

        return VoltAlarm() is { } isLow ? [("board:power", isLow ? Faults.UnderVoltage.With() : null)] : [];
    }

    static FaultReport? Throttling(uint word)
    {
        List<string> why = [];
        if ((word & 8) != 0)
        {
            why.Add("it is too warm");
        }

        if ((word & 2) != 0)
        {
            why.Add("its frequency is capped");
        }

        if ((word & 4) != 0)
        {
            why.Add("it is throttled");
        }

        return why.Count == 0 ? null : Faults.Throttled.With(string.Join(", ", why));
    }

    uint? ReadWord() =>
        ReadLine(root + Word) is { } text
            && uint.TryParse(text.StartsWith("0x", StringComparison.Ordinal) ? text.AsSpan(2) : text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint word)
            ? word : null;

    bool? VoltAlarm()
    {
        try
        {
            string hwmon = root + "/sys/class/hwmon";
            foreach (string chip in Directory.Exists(hwmon) ? Directory.GetDirectories(hwmon) : [])
            {
                if (ReadLine(chip + "/name") == "rpi_volt" && ReadLine(chip + "/in0_lcrit_alarm") is { } alarm)
                {
                    return alarm != "0";
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not to be told.
        }

        return null;
    }

    static string? ReadLine(string path)
    {
        try
        {
            using StreamReader reader = new(path);
            char[] text = new char[64];
            int length = reader.ReadBlock(text, 0, text.Length);
            return new string(text, 0, length).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
