using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Sensors;

namespace MeshIoT.Web.Metrics;

/// <summary>
/// Sensors as metrics: <c>meshiot_sensor_QUANTITY_UNIT{gateway,sensor}</c> while the value is good; how old it is, whether it is good and whether it is
/// beyond its limits always.
/// </summary>
internal static class SensorMetrics
{
    public static void Write(MetricWriter to, string gateway, IReadOnlyList<Reading> readings, DateTimeOffset now)
    {
        foreach (IGrouping<string, Reading> family in readings.GroupBy(static reading => NameOf(reading.Sensor), StringComparer.Ordinal).OrderBy(static f => f.Key, StringComparer.Ordinal))
        {
            Reading[] good = [.. family.Where(static reading => reading is { Quality: Quality.Good, Value: not null })];
            if (good.Length == 0)
            {
                continue;
            }

            to.Family(family.Key, "gauge", "Sensors of this gateway: " + good[0].Sensor.Quantity.Replace('_', ' ') + ".");
            foreach (Reading reading in good)
            {
                (_, double factor, double summand) = BaseUnits.Of(reading.Sensor.Unit);
                to.Sample(Math.Round((reading.Value!.Value * factor) + summand, 9), Of(reading));
            }
        }

        if (readings.Count == 0)
        {
            return;
        }

        Reading[] read = [.. readings.Where(static reading => reading.UnixMs != 0)];
        if (read.Length > 0)
        {
            to.Family("meshiot_sensor_age_seconds", "gauge", "Seconds since the sensor gave its last good value.");
        }

        foreach (Reading reading in read)
        {
            to.Sample(Math.Max(0, (now.ToUnixTimeMilliseconds() - reading.UnixMs) / 1000.0), Of(reading));
        }

        to.Family("meshiot_sensor_up", "gauge", "1 while the sensor gives good values when it is due.");
        foreach (Reading reading in readings)
        {
            to.Sample(reading.Quality == Quality.Good ? 1 : 0, Of(reading));
        }

        to.Family("meshiot_sensor_alarm", "gauge", "-1 while the value is below its limit, 1 while it is above, 0 otherwise.");
        foreach (Reading reading in readings)
        {
            to.Sample(reading.Alarm switch { AlarmState.Low => -1, AlarmState.High => 1, _ => 0 }, Of(reading));
        }

        to.Family("meshiot_sensor_info", "gauge", "What the sensor is; always 1.");
        foreach (Reading reading in readings)
        {
            SensorDescription s = reading.Sensor;
            to.Sample(1, ("gateway", gateway), ("sensor", s.Id), ("name", s.Name), ("room", s.Room), ("driver", s.Driver), ("quantity", s.Quantity),
                ("simulated", s.Simulated ? "true" : "false"));
        }

        (string, string)[] Of(Reading reading) => [("gateway", gateway), ("sensor", reading.Sensor.Id)];
    }

    static string NameOf(SensorDescription sensor)
    {
        string quantity = BaseUnits.Folded(sensor.Quantity), word = BaseUnits.Of(sensor.Unit).Word;
        return "meshiot_sensor" + (quantity.Length > 0 ? "_" + quantity : "_value") + (word.Length > 0 && !quantity.EndsWith(word, StringComparison.Ordinal) ? "_" + word : "");
    }
}
