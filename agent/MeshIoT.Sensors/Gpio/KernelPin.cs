using System.Device.Gpio;
using MeshIoT.Linux.Gpio;

namespace MeshIoT.Sensors.Gpio;

/// <summary>A pin that is open: its line once it has a mode, and who wants its edges. Guarded by its driver.</summary>
internal sealed class KernelPin
{
    public GpioLine? Line { get; set; }

    public PinMode Mode { get; set; }

    public PinChangeEventHandler? Rising { get; set; }

    public PinChangeEventHandler? Falling { get; set; }

    public bool WantsEdges => Rising is not null || Falling is not null;

    public GpioBias Bias => Mode switch { PinMode.InputPullUp => GpioBias.PullUp, PinMode.InputPullDown => GpioBias.PullDown, _ => GpioBias.AsIs };
}
