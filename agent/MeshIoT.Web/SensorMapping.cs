using System;
using System.Collections.Generic;
using MeshIoT.LocalApi;
using MeshIoT.Sensors;

namespace MeshIoT.Web;

/// <summary>Readings in the wire form of the interfaces.</summary>
public static class SensorMapping
{
    /// <summary>One reading.</summary>
    public static SensorDto ToDto(Reading r) => new()
    {
        Id = r.Sensor.Id,
        Name = r.Sensor.Name,
        Kind = r.Sensor.Driver,
        Quantity = r.Sensor.Quantity,
        Unit = r.Sensor.Unit,
        Value = r.Value,
        Time = r.UnixMs == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(r.UnixMs),
        Quality = ToWord(r.Quality),
        Simulated = r.Sensor.Simulated,
        Device = r.Sensor.Device == r.Sensor.Id ? null : r.Sensor.Device,
        Room = r.Sensor.Room.Length == 0 ? null : r.Sensor.Room,
        Decimals = r.Sensor.Decimals,
        Alarm = r.Alarm switch { AlarmState.Low => "low", AlarmState.High => "high", _ => null },
        Problem = r.Problem is { } problem ? StatusMapping.ToDto(problem) : null,
    };

    /// <summary>Several.</summary>
    public static SensorDto[] ToDtos(IReadOnlyList<Reading> readings)
    {
        SensorDto[] all = new SensorDto[readings.Count];
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = ToDto(readings[i]);
        }

        return all;
    }

    /// <summary>The word for a quality.</summary>
    public static string ToWord(Quality quality) => quality switch { Quality.Good => "good", Quality.Stale => "stale", Quality.Bad => "bad", _ => "none" };
}
