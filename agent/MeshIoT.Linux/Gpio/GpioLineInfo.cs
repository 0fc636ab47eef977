namespace MeshIoT.Linux.Gpio;

/// <summary>A line of a GPIO chip, as it is now.</summary>
/// <param name="Offset">Its number on the chip: on a Raspberry Pi the GPIO number.</param>
/// <param name="Name">What the board calls it (<c>GPIO17</c>); may be empty.</param>
/// <param name="Consumer">Who holds it; may be empty even then.</param>
/// <param name="IsUsed">True while somebody holds it.</param>
/// <param name="IsOutput">True when it drives.</param>
public sealed record GpioLineInfo(int Offset, string Name, string Consumer, bool IsUsed, bool IsOutput);
