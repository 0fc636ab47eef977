using System;
using System.Linq;
using MeshIoT.Sensors.Wiring;

namespace MeshIoT.Sensors.IotBindings;

/// <summary>Makes a driver of any class of Iot.Device.Bindings.</summary>
public static class IotDriver
{
    /// <summary>Describes a driver; <see cref="Drivers.Add"/> makes it known.</summary>
    /// <typeparam name="T">The binding's class.</typeparam>
    /// <param name="name">As in an entry's <c>driver</c>.</param>
    /// <param name="summary">One line for people.</param>
    /// <param name="open">Makes the binding from its entry; called at the first reading, and again after an error.</param>
    /// <param name="values">Its values.</param>
    public static Driver Of<T>(string name, string summary, Func<SensorEntry, IWiring, T> open, params IotValue<T>[] values)
        where T : class, IDisposable
    {
        ArgumentOutOfRangeException.ThrowIfZero(values.Length);
        EntryChannel[] channels = [.. values.Select(static v => new EntryChannel(v.Quantity, v.Quantity, v.Unit))];
        return new Driver(name, summary, (entry, wiring) => new IotDevice<T>(entry, channels, () => open(entry, wiring), values)) { Bus = "i2c" };
    }
}
