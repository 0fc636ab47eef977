using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using MeshIoT.Health;
using MeshIoT.Sensors.Wiring;

namespace MeshIoT.Sensors.Chips;

/// <summary>
/// A chip on a wire. The driver says how it is begun (<see cref="Begin"/>) and read (<see cref="Measure"/>) and throws what it does not like; this class
/// makes readings and reports of that. After any error the chip is begun anew at the next reading, so that one which was unplugged, or lost its power
/// and its registers, comes back by itself. A value outside its range is never passed on.
/// </summary>
public abstract class ChipDevice : SensorDevice
{
    readonly IReadOnlyList<ChipValue> values;
    bool isReady;
    FaultReport? lack;

    /// <param name="entry">What a person said of it.</param>
    /// <param name="wiring">Where its bus comes from.</param>
    /// <param name="values">Its values; see <see cref="ChipValue"/>.</param>
    /// <param name="lane">The bus: all chips of one bus are read one after another.</param>
    protected ChipDevice(SensorEntry entry, IWiring wiring, IReadOnlyList<ChipValue> values, string lane)
        : base(ChipValue.Describe(entry, values), lane) => (Entry, Wiring, this.values) = (entry, wiring, values);

    /// <summary>What a person said of it.</summary>
    protected SensorEntry Entry { get; }

    /// <summary>Where buses, waits and other sensors' values come from.</summary>
    protected IWiring Wiring { get; }

    /// <inheritdoc/>
    public sealed override FaultReport? Read(long unixMs, Span<double> values)
    {
        try
        {
            values.Fill(double.NaN);
            if (!isReady)
            {
                Begin();
                isReady = true;
            }

            lack = null;
            Measure(values);
            return Judge(values) ?? lack;
        }
        catch (ChipException e)
        {
            isReady &= e.Fault == Faults.SensorEmpty;
            values.Fill(double.NaN);
            return e.Fault.With(Entry.Id, e.Message);
        }
        catch (FaultException e)
        {
            // The bus itself: not there, or not for this user.
            Forget(values);
            return e.Report;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or TimeoutException or InvalidOperationException or NotSupportedException)
        {
            Forget(values);
            return Faults.SensorSilent.With(Entry.Id, Say(e));
        }
    }

    /// <summary>Finds the chip, checks that it is the right one, and sets it up. Called before the first reading and after every error.</summary>
    protected virtual void Begin()
    {
    }

    /// <summary>Reads all values into <paramref name="values"/>, NaN where there is none. At most a second with all waits.</summary>
    protected abstract void Measure(Span<double> values);

    /// <summary>Waits while the chip measures.</summary>
    protected void Wait(int milliseconds) => Wiring.Wait(milliseconds);

    /// <summary>Says why some of the values are NaN in this reading although all is well: too dark for a colour.</summary>
    protected void Lack(string why) => lack = Faults.SensorEmpty.With(Entry.Id, why);

    /// <summary>Has <see cref="Begin"/> called again before the next reading.</summary>
    protected void BeginAgain() => isReady = false;

    /// <summary>Says that the bus is to be opened again: a device that failed may have gone for good.</summary>
    protected abstract void Close();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Close();
        }
    }

    void Forget(Span<double> values)
    {
        isReady = false;
        values.Fill(double.NaN);
        Close();
    }

    FaultReport? Judge(Span<double> read)
    {
        FaultReport? fault = null;
        for (int i = 0; i < read.Length; i++)
        {
            if (!double.IsNaN(read[i]) && !(read[i] >= values[i].Lowest && read[i] <= values[i].Highest))
            {
                fault = Faults.SensorNonsense.With(Entry.Id, string.Create(CultureInfo.InvariantCulture,
                    $"{values[i].Key.Replace('_', ' ')} of {read[i]:G6} {values[i].Unit}, which the chip cannot measure"));
                read[i] = double.NaN;
                isReady = false;
            }
        }

        return fault;
    }

    // The kernel's error numbers in words (errno.h): the library says only the number.
    static string Say(Exception e) => e.Message switch
    {
        string m when m.StartsWith("Error 121 ", StringComparison.Ordinal) || m.StartsWith("Error 6 ", StringComparison.Ordinal) => "nothing answers at its address",
        string m when m.StartsWith("Error 110 ", StringComparison.Ordinal) => "the bus does not move: a line is stuck",
        string m when m.StartsWith("Error 5 ", StringComparison.Ordinal) => "the transfer broke off",
        string { Length: > 120 } m => m[..120],
        string m => m.TrimEnd('.'),
    };
}
