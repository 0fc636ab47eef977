using System;
using System.Collections.Generic;

namespace MeshIoT.Sensors;

/// <summary>
/// The registry of drivers, filled at compile time: nothing is found by reflection. A program of your own adds its drivers with <see cref="Add"/>
/// before the configuration is read.
/// </summary>
public static class Drivers
{
    static readonly SortedDictionary<string, Driver> Known = Built();

    /// <summary>All drivers, by name.</summary>
    public static IReadOnlyCollection<Driver> All
    {
        get
        {
            lock (Known)
            {
                return [.. Known.Values];
            }
        }
    }

    /// <summary>The driver of that name, or null.</summary>
    public static Driver? Find(string name)
    {
        lock (Known)
        {
            return Known.GetValueOrDefault(name);
        }
    }

    /// <summary>Adds a driver; one of the same name is replaced.</summary>
    public static void Add(Driver driver)
    {
        lock (Known)
        {
            Known[driver.Name] = driver;
        }
    }

    /// <summary>Takes a driver out; devices that it made go on.</summary>
    public static void Remove(string name)
    {
        lock (Known)
        {
            Known.Remove(name);
        }
    }

    static SortedDictionary<string, Driver> Built()
    {
        SortedDictionary<string, Driver> all = new(StringComparer.Ordinal);
        foreach (IReadOnlyList<Driver> group in (IReadOnlyList<Driver>[])[Simulated.SimulatedDevice.Drivers, .. Chips.ChipDrivers.All, .. Gpio.PinDrivers.All, .. Host.HostDrivers.All, .. Programs.ProgramDrivers.All])
        {
            foreach (Driver driver in group)
            {
                all.Add(driver.Name, driver);
            }
        }

        return all;
    }
}
