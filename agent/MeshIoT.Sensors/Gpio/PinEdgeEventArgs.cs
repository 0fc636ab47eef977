using System.Device.Gpio;

namespace MeshIoT.Sensors.Gpio;

/// <summary>An edge that says when it was: a handler that is called late still measures right.</summary>
/// <param name="change">Rising or falling.</param>
/// <param name="pin">The pin.</param>
/// <param name="timestamp">As of <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>.</param>
public sealed class PinEdgeEventArgs(PinEventTypes change, int pin, long timestamp) : PinValueChangedEventArgs(change, pin)
{
    /// <summary>When the edge was, as of <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>.</summary>
    public long Timestamp => timestamp;
}
