using System;
using System.Collections.Generic;
using MeshIoT.Sensors;

namespace MeshIoT.History;

/// <content>Reading, from the disk and from memory.</content>
public sealed partial class HistoryStore
{
    /// <summary>Most points that a query gives.</summary>
    public const int MostPoints = 100_000;

    /// <summary>
    /// The history of a sensor from a time until before another. Where there is more than is asked for, values are put together in round spans that keep
    /// the smallest and the largest. Values of older units are converted where that can be; others are left out.
    /// </summary>
    /// <param name="sensorId">Which sensor; one that is not known has no points.</param>
    /// <param name="fromUnixMs">From then, milliseconds since 1970-01-01 UTC.</param>
    /// <param name="toUnixMs">Until before then.</param>
    /// <param name="resolution">How fine.</param>
    /// <param name="mostPoints">Most points, 1 to <see cref="MostPoints"/>.</param>
    public HistorySeries Query(string sensorId, long fromUnixMs, long toUnixMs, Resolution resolution, int mostPoints)
    {
        HistorySeries found;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            mostPoints = Math.Clamp(mostPoints, 1, MostPoints);
            found = new(sensorId, inUse.TryGetValue(sensorId, out SensorSeries? present) ? present.Unit : "", resolution == Resolution.Auto ? Resolution.Raw : resolution, 0, []);
            Guard(() => found = new HistoryQuery(file, days, SeriesOf(sensorId, found.Unit), waiting).Run(found, fromUnixMs, toUnixMs, resolution, mostPoints));
        }

        Tell();
        return found;
    }

    /// <summary>The first measured values of a sensor from a time until before another, in the order of time: for going through all of them piece by piece.</summary>
    /// <param name="sensorId">Which sensor.</param>
    /// <param name="fromUnixMs">From then, milliseconds since 1970-01-01 UTC.</param>
    /// <param name="toUnixMs">Until before then.</param>
    /// <param name="most">Most points; all of the last point's millisecond come too.</param>
    public HistorySeries ReadRaw(string sensorId, long fromUnixMs, long toUnixMs, int most)
    {
        HistorySeries found;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            found = new(sensorId, inUse.TryGetValue(sensorId, out SensorSeries? present) ? present.Unit : "", Resolution.Raw, 0, []);
            Guard(() => found = found with
            {
                Points = new HistoryQuery(file, days, SeriesOf(sensorId, found.Unit), waiting).First(fromUnixMs, toUnixMs, Math.Clamp(most, 1, MostPoints)),
            });
        }

        Tell();
        return found;
    }

    /// <summary>Means over equal parts of a time, null where there is nothing: for small pictures.</summary>
    public IReadOnlyList<double?> Means(string sensorId, long fromUnixMs, long toUnixMs, int parts)
    {
        double[] sums = new double[parts];
        long[] counts = new long[parts];
        foreach (HistoryPoint point in Query(sensorId, fromUnixMs, toUnixMs, Resolution.Auto, 4 * parts).Points)
        {
            int part = (int)Math.Clamp((point.UnixMs - fromUnixMs) * (double)parts / (toUnixMs - fromUnixMs), 0, parts - 1);
            sums[part] += point.Mean * point.Count;
            counts[part] += point.Count;
        }

        double?[] means = new double?[parts];
        for (int i = 0; i < parts; i++)
        {
            means[i] = counts[i] == 0 ? null : Math.Round(sums[i] / counts[i], 6);
        }

        return means;
    }

    /// <summary>The sensor's series with how each becomes <paramref name="unit"/>.</summary>
    List<(SensorSeries Series, double Factor, double Summand)> SeriesOf(string sensorId, string unit)
    {
        List<(SensorSeries, double, double)> all = [];
        foreach (SensorSeries one in series.Values)
        {
            if (one.Id == sensorId && Units.TryConversion(one.Unit, unit, out double factor, out double summand))
            {
                all.Add((one, factor, summand));
            }
        }

        return all;
    }
}
