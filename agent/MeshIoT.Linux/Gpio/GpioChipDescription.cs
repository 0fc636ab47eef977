namespace MeshIoT.Linux.Gpio;

/// <summary>A GPIO chip of this machine.</summary>
/// <param name="Path">Its character device: <c>/dev/gpiochip0</c>. The number depends on the order of loading.</param>
/// <param name="Name">What the kernel calls it: <c>gpiochip0</c>.</param>
/// <param name="Label">What its driver calls it: <c>pinctrl-rp1</c>, <c>pinctrl-bcm2711</c>; stays the same.</param>
/// <param name="Lines">How many lines it has.</param>
public sealed record GpioChipDescription(string Path, string Name, string Label, int Lines);
