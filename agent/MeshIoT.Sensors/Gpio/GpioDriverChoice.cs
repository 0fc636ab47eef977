namespace MeshIoT.Sensors.Gpio;

/// <summary>By which way lines of a GPIO chip are used.</summary>
public enum GpioDriverChoice
{
    /// <summary>The kernel's character device; libgpiod 1 where the kernel is too old for that.</summary>
    Auto,

    /// <summary>The kernel's character device (Linux 5.10 and later), without any library.</summary>
    Kernel,

    /// <summary>The library libgpiod 2 (libgpiod.so.3), which must be installed.</summary>
    Libgpiod2,

    /// <summary>The library libgpiod 1 (libgpiod.so.2), which must be installed.</summary>
    Libgpiod1,
}
