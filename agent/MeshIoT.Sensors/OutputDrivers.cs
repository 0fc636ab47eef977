using System;
using System.Collections.Generic;

namespace MeshIoT.Sensors;

/// <summary>The registry of drivers of outputs, filled at compile time. A program of your own adds its drivers before the configuration is read.</summary>
public static class OutputDrivers
{
    static readonly SortedDictionary<string, OutputDriver> Known = Built();

    /// <summary>All drivers, by name.</summary>
    public static IReadOnlyCollection<OutputDriver> All
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
    public static OutputDriver? Find(string name)
    {
        lock (Known)
        {
            return Known.GetValueOrDefault(name);
        }
    }

    /// <summary>Adds a driver; one of the same name is replaced.</summary>
    public static void Add(OutputDriver driver)
    {
        lock (Known)
        {
            Known[driver.Name] = driver;
        }
    }

    static SortedDictionary<string, OutputDriver> Built()
    {
        SortedDictionary<string, OutputDriver> all = new(StringComparer.Ordinal);
        foreach (OutputDriver driver in (IReadOnlyList<OutputDriver>)[.. Gpio.GpioOutput.Drivers, .. Pwm.PwmOutput.Drivers])
        {
            all.Add(driver.Name, driver);
        }

        return all;
    }
}
