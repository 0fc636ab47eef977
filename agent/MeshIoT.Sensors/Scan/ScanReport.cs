using System.Collections.Generic;
using MeshIoT.Health;

namespace MeshIoT.Sensors.Scan;

/// <summary>What a scan found.</summary>
/// <param name="Buses">The I2C buses that were probed.</param>
/// <param name="Found">What is on them, and what the kernel shows of 1-Wire and IIO.</param>
/// <param name="Faults">Buses that could not be probed, with the reason.</param>
public sealed record ScanReport(IReadOnlyList<string> Buses, IReadOnlyList<FoundDevice> Found, IReadOnlyList<FaultReport> Faults);
