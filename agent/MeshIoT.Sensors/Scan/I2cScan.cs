using System;
using System.Collections.Generic;
using System.Device.I2c;
using System.Globalization;
using System.IO;
using System.Linq;
using MeshIoT.Health;
using MeshIoT.Sensors.Host;
using MeshIoT.Sensors.Wiring;

namespace MeshIoT.Sensors.Scan;

/// <summary>
/// Looks at the addresses of one I2C bus, carefully. Where a driver's chips can be, their identification is read, the most harmless question first; at all
/// other addresses one byte is read and nothing written. What an entry or the kernel reads already is left alone.
/// </summary>
/// <param name="wiring">Where the bus comes from.</param>
/// <param name="bus">Its number.</param>
public sealed class I2cScan(IWiring wiring, int bus)
{
    /// <summary>First and last address of a device (I2C specification UM10204 §3.1.12 reserves the others), and one that must not be read:
    /// devices that raise an alert answer there and forget it (SMBus 3.2 §6.5.3).</summary>
    public const int First = 0x08, Last = 0x77, AlertResponse = 0x0C;

    /// <summary>A stuck bus takes a second for each try.</summary>
    const int MostTimeouts = 2;

    readonly string name = string.Create(CultureInfo.InvariantCulture, $"i2c-{bus}");

    /// <summary>Looks at all addresses.</summary>
    /// <param name="takenBy">Which entry has an address, by address.</param>
    /// <param name="turn">Runs what it is given while no sensor of the bus is being read.</param>
    /// <param name="found">Receives what is there.</param>
    /// <returns>Why the bus cannot be used; null: all was looked at.</returns>
    public FaultReport? Run(IReadOnlyDictionary<int, string> takenBy, Action<Action> turn, List<FoundDevice> found)
    {
        ILookup<int, Driver> drivers = Drivers.All.Where(d => d.Bus == "i2c")
            .SelectMany(d => d.Addresses.Select(a => (Address: a, Driver: d)))
            .OrderBy(pair => pair.Driver.Probe is null).ThenBy(pair => pair.Driver.ProbeWrites)
            .ToLookup(pair => pair.Address, pair => pair.Driver);
        FaultReport? fault = null;
        int timeouts = 0;
        for (int address = First; address <= Last && fault is null; address++)
        {
            int here = address;
            if (takenBy.TryGetValue(here, out string? id))
            {
                found.Add(new FoundDevice(name, here, FoundState.Configured) { Id = id });
            }
            else if (KernelDriver(here) is { } kernel)
            {
                found.Add(new FoundDevice(name, here, FoundState.Kernel) { Note = kernel });
            }
            else if (here != AlertResponse)
            {
                turn(() => fault = Look(here, [.. drivers[here]], found, ref timeouts));
            }
        }

        return fault;
    }

    FaultReport? Look(int address, Driver[] drivers, List<FoundDevice> found, ref int timeouts)
    {
        try
        {
            using I2cDevice device = wiring.I2c(bus, address);
            foreach (Driver driver in drivers)
            {
                if (driver.Probe is { } probe && Answers(() => probe(device, wiring), ref timeouts))
                {
                    found.Add(new FoundDevice(name, address, FoundState.New) { Driver = driver.Name });
                    return null;
                }
            }

            if (Answers(() => device.ReadByte() >= 0, ref timeouts))
            {
                Driver? byAddress = Array.Find(drivers, d => d.Probe is null);
                found.Add(new FoundDevice(name, address, byAddress is null ? FoundState.Unknown : FoundState.Likely) { Driver = byAddress?.Name });
            }

            return timeouts > MostTimeouts ? Faults.BusUnusable.With(name, "it does not move: a line is stuck") : null;
        }
        catch (FaultException e)
        {
            return e.Report;
        }
    }

    static bool Answers(Func<bool> ask, ref int timeouts)
    {
        if (timeouts > MostTimeouts)
        {
            return false;
        }

        try
        {
            bool answer = ask();
            timeouts = 0;
            return answer;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or TimeoutException or InvalidOperationException or NotSupportedException)
        {
            // ETIMEDOUT: the bus; anything else: nobody there.
            timeouts += e is TimeoutException || e.Message.StartsWith("Error 110 ", StringComparison.Ordinal) ? 1 : 0;
            return false;
        }
    }

    // The kernel lists its own devices as BUS-ADDRESS; a "driver" there means that it reads it.
    string? KernelDriver(int address)
    {
        string device = string.Create(CultureInfo.InvariantCulture, $"{wiring.Root}/sys/bus/i2c/devices/{bus}-{address:x4}");
        return Directory.Exists(device + "/driver") ? SysfsFile.ReadWord(device + "/name") is { Length: > 0 } word ? word : "kernel" : null;
    }
}
