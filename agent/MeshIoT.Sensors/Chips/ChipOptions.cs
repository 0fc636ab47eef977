using System;
using System.Collections.Generic;
using System.Globalization;
using MeshIoT.Health;

namespace MeshIoT.Sensors.Chips;

/// <summary>Reads what only a driver knows out of an entry's options, strictly.</summary>
public static class ChipOptions
{
    /// <summary>A number within bounds.</summary>
    /// <exception cref="FaultException">It is none.</exception>
    public static double Number(SensorEntry entry, string option, double otherwise, double lowest, double highest) =>
        !entry.Options.TryGetValue(option, out string? text) ? otherwise
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double n) && n >= lowest && n <= highest ? n
        : throw Malformed(entry, option, text, string.Create(CultureInfo.InvariantCulture, $"a number from {lowest:R} to {highest:R}"));

    /// <summary>The place of the option's word among <paramref name="words"/>; of <paramref name="otherwise"/> when it is not there.</summary>
    /// <exception cref="FaultException">It is none of them.</exception>
    public static int Choice(SensorEntry entry, string option, string otherwise, params ReadOnlySpan<string> words)
    {
        string text = entry.Options.GetValueOrDefault(option, otherwise);
        int at = words.IndexOf(text);
        return at >= 0 ? at : throw Malformed(entry, option, text, "one of " + string.Join(", ", words!));
    }

    /// <summary>Channels of a converter as <c>"0,2"</c>, or one number; all of them when nothing is said.</summary>
    /// <exception cref="FaultException">It is no such list.</exception>
    public static int[] Channels(SensorEntry entry, string option, int count)
    {
        if (!entry.Options.TryGetValue(option, out string? text))
        {
            int[] all = new int[count];
            for (int i = 0; i < count; i++)
            {
                all[i] = i;
            }

            return all;
        }

        string[] parts = text.Split(',', count + 1, StringSplitOptions.TrimEntries);
        int[] channels = new int[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out int n) || n >= count || Array.IndexOf(channels, n, 0, i) >= 0)
            {
                throw Malformed(entry, option, text, string.Create(CultureInfo.InvariantCulture, $"channels from 0 to {count - 1} such as \"0,1\", each once"));
            }

            channels[i] = n;
        }

        return channels;
    }

    static FaultException Malformed(SensorEntry entry, string option, string text, string expects) =>
        Faults.SettingMalformed.With(option, text, entry.Origin, expects).ToException();
}
