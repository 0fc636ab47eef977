using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using MeshIoT.Health;
using MeshIoT.Sensors.Chips;
using MeshIoT.Sensors.Host;
using MeshIoT.Sensors.Wiring;

namespace MeshIoT.Sensors.Scan;

/// <summary>Finds what is wired to the machine: I2C buses are probed, 1-Wire and IIO devices are read from sysfs. Proposes ids that are free.</summary>
/// <param name="wiring">The machine's buses.</param>
/// <param name="entries">The entries that there are.</param>
/// <param name="display">Bus and address of the status display; null: none.</param>
/// <param name="turn">Runs an action while no sensor of a lane is being read.</param>
public sealed class SensorScan(IWiring wiring, IReadOnlyList<SensorEntry> entries, (int Bus, int Address)? display, Action<string, Action> turn)
{
    /// <summary>More buses than a board has.</summary>
    const int MostBuses = 32;

    readonly HashSet<string> ids = new(entries.Select(e => e.Id), StringComparer.Ordinal);

    /// <summary>Scans the buses that are named, or all that there are.</summary>
    /// <param name="named">Names such as <c>i2c-1</c>; empty: all.</param>
    /// <exception cref="FaultException">A name is none of an I2C bus.</exception>
    public ScanReport Run(IReadOnlyList<string> named)
    {
        int[] buses = [.. (named.Count > 0 ? named.Select(b => I2cChip.BusOf(new SensorEntry { Id = "", Driver = "", Bus = b, Origin = "--bus" })) : Present()).Distinct().Order().Take(MostBuses)];
        List<FoundDevice> found = [];
        List<FaultReport> faults = [];
        foreach (int bus in buses)
        {
            string lane = Name(bus);
            if (new I2cScan(wiring, bus).Run(TakenOn(bus), action => turn(lane, action), found) is { } fault)
            {
                faults.Add(fault);
            }
        }

        if (named.Count == 0)
        {
            AddOfKernel(found, "w1", OneWireSensors.Discover(wiring.Root));
            AddOfKernel(found, "iio", IioSensors.Discover(wiring.Root));
        }

        return new ScanReport([.. buses.Select(Name)], [.. found.Select(WithId)], faults);
    }

    static string Name(int bus) => string.Create(CultureInfo.InvariantCulture, $"i2c-{bus}");

    IEnumerable<int> Present()
    {
        foreach (string file in SysfsFile.Nodes(wiring.Root + "/dev", "i2c-*"))
        {
            if (int.TryParse(Path.GetFileName(file).AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= 255)
            {
                yield return number;
            }
        }
    }

    Dictionary<int, string> TakenOn(int bus)
    {
        Dictionary<int, string> taken = [];
        foreach (SensorEntry entry in entries)
        {
            if (Drivers.Find(entry.Driver) is { Bus: "i2c", Addresses: [int usual, ..] } && TryBus(entry) == bus)
            {
                taken.TryAdd(entry.Address ?? usual, entry.Id);
            }
        }

        if (display is { } shown && shown.Bus == bus)
        {
            taken.TryAdd(shown.Address, "display");
        }

        return taken;
    }

    static int? TryBus(SensorEntry entry)
    {
        try
        {
            return I2cChip.BusOf(entry);
        }
        catch (FaultException)
        {
            // On the health board already.
            return null;
        }
    }

    static void AddOfKernel(List<FoundDevice> found, string bus, IEnumerable<Sensor> sensors)
    {
        foreach (Sensor sensor in sensors)
        {
            found.Add(new FoundDevice(bus, null, FoundState.Kernel) { Id = sensor.Description.Id, Note = "read without an entry while sensors = [\"host\"]" });
        }
    }

    FoundDevice WithId(FoundDevice device)
    {
        if (device.State is not (FoundState.New or FoundState.Likely))
        {
            return device;
        }

        string id = device.Driver!;
        for (int n = 2; !ids.Add(id); n++)
        {
            id = string.Create(CultureInfo.InvariantCulture, $"{device.Driver}-{n}");
        }

        return device with { Id = id };
    }
}
