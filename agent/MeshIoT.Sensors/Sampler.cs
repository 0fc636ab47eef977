using System;
using System.Collections.Generic;

namespace MeshIoT.Sensors;

/// <summary>
/// Holds a gateway's sensors and the latest reading of each. <see cref="Sample"/> belongs to one thread;
/// <see cref="Latest"/> may be read from any thread at any time.
/// </summary>
public sealed class Sampler
{
    readonly Sensor[] sensors;
    readonly long staleAfterMs;
    volatile Reading[] latest;

    /// <summary>Takes the sensors; of two with one id the first is kept.</summary>
    /// <param name="sensors">What to read.</param>
    /// <param name="interval">How often <see cref="Sample"/> will be called; a value three intervals old is stale.</param>
    public Sampler(IEnumerable<Sensor> sensors, TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        HashSet<string> ids = new(StringComparer.Ordinal);
        List<Sensor> kept = [];
        foreach (Sensor sensor in sensors)
        {
            if (ids.Add(sensor.Description.Id))
            {
                kept.Add(sensor);
            }
        }

        this.sensors = [.. kept];
        staleAfterMs = (long)(3 * interval.TotalMilliseconds);
        latest = Array.ConvertAll(this.sensors, s => new Reading(s.Description, null, 0, Quality.None));
    }

    /// <summary>Reads every sensor once and publishes the new readings together.</summary>
    /// <param name="unixMs">Now, milliseconds since 1970-01-01 UTC.</param>
    public void Sample(long unixMs)
    {
        Reading[] next = new Reading[sensors.Length];
        for (int i = 0; i < next.Length; i++)
        {
            next[i] = sensors[i].TryRead(unixMs, out double value) && double.IsFinite(value)
                ? new Reading(sensors[i].Description, value, unixMs, Quality.Good)
                : latest[i] with { Quality = Quality.Bad };
        }

        latest = next;
    }

    /// <summary>The latest reading of every sensor, in the order of the sensors, judged at <paramref name="unixMs"/>.</summary>
    public IReadOnlyList<Reading> Latest(long unixMs) => Array.ConvertAll(latest, r => Judge(r, unixMs));

    /// <summary>The latest reading of the sensor <paramref name="id"/>, or null if there is no such sensor.</summary>
    public Reading? Find(string id, long unixMs)
    {
        foreach (Reading reading in latest)
        {
            if (string.Equals(reading.Sensor.Id, id, StringComparison.Ordinal))
            {
                return Judge(reading, unixMs);
            }
        }

        return null;
    }

    Reading Judge(Reading r, long unixMs) =>
        r.Quality == Quality.Good && unixMs - r.UnixMs > staleAfterMs ? r with { Quality = Quality.Stale } : r;
}
