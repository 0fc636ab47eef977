using System.Collections.Generic;
using MeshIoT.Health;

namespace MeshIoT.Sensors.Scan;

/// <summary>One reading of a device that somebody asked for, with what the driver gave and what became of it.</summary>
/// <param name="Values">The device's values.</param>
/// <param name="Fault">What went wrong; null: nothing.</param>
public sealed record SensorTrial(IReadOnlyList<TrialValue> Values, FaultReport? Fault);

/// <summary>One value of a <see cref="SensorTrial"/>.</summary>
/// <param name="Raw">What the driver gave, in its unit; NaN: nothing.</param>
/// <param name="RawUnit">That unit.</param>
/// <param name="Reading">The reading: calibrated and in the unit that the entry wants.</param>
public sealed record TrialValue(double Raw, string RawUnit, Reading Reading);
