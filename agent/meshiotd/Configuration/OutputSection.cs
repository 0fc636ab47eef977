using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Health;
using MeshIoT.Sensors;

namespace MeshIoT.Agent.Configuration;

/// <summary>The <c>[[output]]</c> entries: relays, lamps, valves, dimmers.</summary>
internal static class OutputSection
{
    public const string Name = "output";

    const int Most = 1024, LongestId = 40;

    static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100), Longest = TimeSpan.FromDays(30);

    /// <summary>Reads all entries of the file.</summary>
    /// <param name="root">The file.</param>
    /// <param name="sensors">Its sensors: no output has the id of one.</param>
    public static IReadOnlyList<OutputEntry> Read(ConfigTable root, IReadOnlyList<SensorEntry> sensors)
    {
        List<OutputEntry> entries = [];
        Dictionary<string, string> taken = sensors.ToDictionary(s => s.Id, s => s.Origin, StringComparer.Ordinal);
        foreach (ConfigTable table in root.All(Name, Most))
        {
            OutputEntry entry = ReadOne(table);
            if (!taken.TryAdd(entry.Id, entry.Origin))
            {
                throw Faults.SensorDuplicate.With(entry.Id, entry.Origin, taken[entry.Id]).ToException();
            }

            entries.Add(entry);
        }

        return entries;
    }

    static OutputEntry ReadOne(ConfigTable table)
    {
        string id = table.Required("id", "an id of a-z, 0-9, _ and -");
        if (id.Length > LongestId || !id.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' or '-'))
        {
            throw table.Malformed("id", $"an id of at most {LongestId} characters a-z, 0-9, _ and -");
        }

        string name = table.Required("driver", "the name of a driver of outputs");
        OutputDriver driver = OutputDrivers.Find(name)
            ?? throw Faults.DriverUnknown.With(name, table.Values["driver"].Origin, Nearest.Hint(name, OutputDrivers.All.Select(d => d.Name))).ToException();
        OutputEntry entry = new()
        {
            Id = id,
            Driver = name,
            Bus = table.Text("bus", "", 32),
            Name = table.Text("name", "", 64),
            Room = table.Text("room", "", 64),
            FailSafe = ReadFailSafe(table),
            MaxOn = table.Time("max_on", Shortest, Longest),
            Restore = table.Flag("restore", false),
            Options = ReadOptions(table, driver),
            Origin = table.Origin,
        };
        table.Finish();
        return entry;
    }

    // A word, a number or a flag: what it may be, the output itself knows.
    static string ReadFailSafe(ConfigTable table)
    {
        table.Knows(["fail_safe"]);
        return !table.Values.TryGetValue("fail_safe", out ConfigValue? value) ? "off"
            : value.Kind is not (ConfigKind.Other or ConfigKind.List) && value.Text.Length <= 32 ? value.Text
            : throw table.Malformed("fail_safe", "\"off\", \"on\", \"keep\" or a number");
    }

    static Dictionary<string, string> ReadOptions(ConfigTable table, OutputDriver driver)
    {
        Dictionary<string, string> options = new(StringComparer.Ordinal);
        table.Knows(driver.Options.Keys);
        foreach (string option in driver.Options.Keys)
        {
            if (table.Values.TryGetValue(option, out ConfigValue? value))
            {
                options[option] = value.Kind != ConfigKind.Other ? value.Text : throw table.Malformed(option, driver.Options[option]);
            }
        }

        return options;
    }
}
