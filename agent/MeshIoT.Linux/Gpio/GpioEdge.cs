namespace MeshIoT.Linux.Gpio;

/// <summary>A change of an input that the kernel saw.</summary>
/// <param name="IsRising">True: from low to high.</param>
/// <param name="TimestampNs">When the interrupt came, CLOCK_MONOTONIC, nanoseconds: the clock of <see cref="System.Diagnostics.Stopwatch"/> on Linux.</param>
/// <param name="Number">Number of the event on its line, from 1; a gap says that the kernel's buffer ran over.</param>
public readonly record struct GpioEdge(bool IsRising, long TimestampNs, uint Number);
