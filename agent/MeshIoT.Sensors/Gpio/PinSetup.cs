using System;
using System.Device.Gpio;

namespace MeshIoT.Sensors.Gpio;

/// <summary>Which input, and how it is used.</summary>
/// <param name="Chip">Name or label of the chip; empty: the header's.</param>
/// <param name="Pin">Number of the line on it.</param>
/// <param name="Mode">With which resistor.</param>
/// <param name="IsInverted">True: low is active.</param>
/// <param name="Debounce">How long a level must last to count.</param>
internal sealed record PinSetup(string Chip, int Pin, PinMode Mode, bool IsInverted, TimeSpan Debounce);
