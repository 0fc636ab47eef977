using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Health;
using MeshIoT.Sensors;

namespace MeshIoT.Agent.Configuration;

/// <summary>The <c>[[sensor]]</c> entries: one description per sensor.</summary>
internal static class SensorSection
{
    public const string Name = "sensor";

    /// <summary>More sensors than a gateway reads.</summary>
    const int Most = 4096, LongestId = 40;

    static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100), Longest = TimeSpan.FromDays(1);

    /// <summary>Reads all entries of the file.</summary>
    public static IReadOnlyList<SensorEntry> Read(ConfigTable root)
    {
        List<SensorEntry> entries = [];
        Dictionary<string, string> taken = new(StringComparer.Ordinal);
        foreach (ConfigTable table in root.All(Name, Most))
        {
            SensorEntry entry = ReadOne(table);
            if (!taken.TryAdd(entry.Id, entry.Origin))
            {
                throw Faults.SensorDuplicate.With(entry.Id, entry.Origin, taken[entry.Id]).ToException();
            }

            entries.Add(entry);
        }

        return entries;
    }

    static SensorEntry ReadOne(ConfigTable table)
    {
        string id = table.Required("id", "an id of a-z, 0-9, _ and -");
        if (id.Length > LongestId || !id.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' or '-'))
        {
            throw table.Malformed("id", $"an id of at most {LongestId} characters a-z, 0-9, _ and -");
        }

        string name = table.Required("driver", "the name of a driver");
        Driver driver = Drivers.Find(name)
            ?? throw Faults.DriverUnknown.With(name, table.Values["driver"].Origin, Nearest.Hint(name, Drivers.All.Select(d => d.Name))).ToException();
        SensorEntry entry = new()
        {
            Id = id,
            Driver = name,
            Bus = table.Text("bus", "", 32),
            Address = (int?)table.Whole("address", 0x03, 0x77),
            Every = table.Time("every", Shortest, Longest),
            Name = table.Text("name", "", 64),
            Room = table.Text("room", "", 64),
            Common = ReadQuantity(table),
            Options = ReadOptions(table, driver),
            Quantities = table.Tables.ToDictionary(t => t.Key, t => ReadOwn(table, t.Key), StringComparer.Ordinal),
            Origin = table.Origin,
        };
        table.Finish();
        return entry;
    }

    static QuantityEntry ReadOwn(ConfigTable table, string quantity)
    {
        ConfigTable own = table.Table(quantity)!;
        QuantityEntry entry = ReadQuantity(own);
        own.Finish();
        return entry;
    }

    static QuantityEntry ReadQuantity(ConfigTable table)
    {
        QuantityEntry entry = new()
        {
            Unit = table.Text("unit", "", 16) is { Length: > 0 } unit ? unit : null,
            Offset = table.Number("offset"),
            Scale = table.Number("scale"),
            ReportOnChange = table.Number("report_on_change", 0),
            ReportAtLeastEverySeconds = table.Time("report_at_least_every", TimeSpan.FromSeconds(1), Longest)?.TotalSeconds,
            Low = table.Number("low"),
            High = table.Number("high"),
            Hysteresis = table.Number("hysteresis", 0),
            ForSeconds = table.Time("for", TimeSpan.Zero, Longest)?.TotalSeconds,
        };
        if (entry.Scale == 0)
        {
            throw table.Malformed("scale", "a number other than 0");
        }

        if (entry.Low >= entry.High)
        {
            throw table.Malformed("low", "below high");
        }

        return entry;
    }

    static Dictionary<string, string> ReadOptions(ConfigTable table, Driver driver)
    {
        Dictionary<string, string> options = new(StringComparer.Ordinal);
        table.Knows(driver.Options.Keys);
        foreach (string option in driver.Options.Keys)
        {
            if (table.Values.TryGetValue(option, out ConfigValue? value))
            {
                // A list is handed on one item a line, so no item may hold a line's end.
                bool isPlain = value.Kind != ConfigKind.Other && !(value.Items?.Any(i => i.Text.Contains('\n', StringComparison.Ordinal)) ?? false);
                options[option] = isPlain ? value.Text : throw table.Malformed(option, driver.Options[option]);
            }
        }

        return options;
    }
}
