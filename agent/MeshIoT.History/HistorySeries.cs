using System.Collections.Generic;

namespace MeshIoT.History;

/// <summary>What a query found: points in the order of time.</summary>
/// <param name="SensorId">Whose.</param>
/// <param name="Unit">Unit of all values; empty when the sensor is not known.</param>
/// <param name="Resolution">What it was made of; never <see cref="Resolution.Auto"/>.</param>
/// <param name="StepMs">How long the span of a point is; 0: each point is one measured value; days: 24 h times how many, though days may be longer or shorter.</param>
/// <param name="Points">The points; spans without a value have none.</param>
public sealed record HistorySeries(string SensorId, string Unit, Resolution Resolution, long StepMs, IReadOnlyList<HistoryPoint> Points);
