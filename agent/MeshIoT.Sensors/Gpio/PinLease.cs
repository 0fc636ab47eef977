using System.Device.Gpio;
using MeshIoT.Health;

namespace MeshIoT.Sensors.Gpio;

/// <summary>Opens pins of a controller that several entries share: a pin is one entry's only.</summary>
internal static class PinLease
{
    /// <summary>Opens the pin. Throws gpio-line-busy when another entry has it, and what the driver throws.</summary>
    public static void Open(GpioController controller, int pin, PinMode mode, PinValue? first = null)
    {
        lock (controller)
        {
            if (controller.IsPinOpen(pin))
            {
                throw Faults.GpioLineBusy.With(pin, "the same chip", "another entry of the configuration").ToException();
            }

            try
            {
                if (first is { } value)
                {
                    controller.OpenPin(pin, mode, value);
                }
                else
                {
                    controller.OpenPin(pin, mode);
                }
            }
            catch
            {
                Close(controller, pin);
                throw;
            }
        }
    }

    /// <summary>Gives the pin back.</summary>
    public static void Close(GpioController controller, int pin)
    {
        lock (controller)
        {
            if (controller.IsPinOpen(pin))
            {
                controller.ClosePin(pin);
            }
        }
    }
}
