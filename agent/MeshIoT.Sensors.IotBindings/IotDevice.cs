using System;
using System.Collections.Generic;
using MeshIoT.Health;

namespace MeshIoT.Sensors.IotBindings;

/// <summary>A binding as a sensor: opened at the first reading, and anew after an error.</summary>
/// <typeparam name="T">The binding's class.</typeparam>
internal sealed class IotDevice<T>(SensorEntry entry, IReadOnlyList<EntryChannel> channels, Func<T> open, IReadOnlyList<IotValue<T>> values)
    : SensorDevice(EntryChannel.Describe(entry, channels), entry.Bus.Length > 0 ? entry.Bus : "i2c-1")
    where T : class, IDisposable
{
    T? binding;

    public override FaultReport? Read(long unixMs, Span<double> into)
    {
        try
        {
            binding ??= open();
            for (int i = 0; i < values.Count; i++)
            {
                into[i] = values[i].Read(binding);
            }

            return null;
        }
        catch (FaultException e)
        {
            Close();
            return e.Report;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Bindings throw what they like: IOException, TimeoutException, ArgumentException …
            Close();
            into.Fill(double.NaN);
            return Faults.SensorSilent.With(entry.Id, e.Message.TrimEnd('.'));
        }
    }

    protected override void Dispose(bool disposing) => Close();

    void Close()
    {
        (T? before, binding) = (binding, null);
        try
        {
            before?.Dispose();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Some talk to the chip once more, which is gone.
        }
    }
}
