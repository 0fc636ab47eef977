using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Health;
using Xunit;

namespace MeshIoT.Sensors.Tests.Bus;

/// <summary>A device made by its driver as the gateway makes it, and what one reading of it gives.</summary>
internal sealed class ChipUnderTest(FakeWiring wiring, string driver, params (string Option, string Value)[] options) : IDisposable
{
    /// <summary>The longest that one reading may keep its lane.</summary>
    const int LongestReadingMs = 1000;

    public SensorDevice Device { get; } = Drivers.Find(driver)!.Create(
        new SensorEntry { Id = "it", Driver = driver, Options = options.ToDictionary(o => o.Option, o => o.Value) }, wiring);

    public FaultReport? Fault { get; private set; }

    /// <summary>Reads it once; values by the last part of their id.</summary>
    public Dictionary<string, double> Read()
    {
        long before = wiring.WaitedMs;
        double[] values = new double[Device.Channels.Count];
        Array.Fill(values, double.NaN);
        Fault = Device.Read(1_700_000_000_000, values);
        Assert.InRange(wiring.WaitedMs - before, 0, LongestReadingMs);
        return Device.Channels.Zip(values).ToDictionary(c => c.First.Id[(c.First.Id.IndexOf('.', StringComparison.Ordinal) + 1)..], c => c.Second);
    }

    /// <summary>Reads it once; all must be well.</summary>
    public Dictionary<string, double> ReadWell()
    {
        Dictionary<string, double> values = Read();
        Assert.Null(Fault);
        Assert.All(values.Values, v => Assert.True(double.IsFinite(v)));
        return values;
    }

    /// <summary>Reads it once; it must give this fault and no value.</summary>
    public string ReadBadly(Fault fault)
    {
        Dictionary<string, double> values = Read();
        Assert.Equal(fault.Code, Fault?.Fault.Code);
        Assert.All(values.Values, v => Assert.True(double.IsNaN(v)));
        return Fault!.Message;
    }

    public void Dispose() => Device.Dispose();
}
