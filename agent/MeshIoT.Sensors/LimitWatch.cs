using System;

namespace MeshIoT.Sensors;

/// <summary>
/// Judges a value by its limits: over them counts once it has lasted <see cref="QuantityEntry.ForSeconds"/>, and is over only when the value has come
/// back by <see cref="QuantityEntry.Hysteresis"/>. A value at the limit that trembles alarms once.
/// </summary>
internal sealed class LimitWatch(QuantityEntry limits)
{
    readonly long forMs = (long)(1000 * (limits.ForSeconds ?? 0));
    AlarmState state, crossing;
    long crossingSince;

    /// <summary>True when there is a limit to watch.</summary>
    public static bool IsWanted(QuantityEntry limits) => limits.Low is not null || limits.High is not null;

    /// <summary>Where the value stands now.</summary>
    public AlarmState Judge(double value, long unixMs)
    {
        AlarmState over = value < limits.Low ? AlarmState.Low : value > limits.High ? AlarmState.High : AlarmState.None;
        if (over == state || (over == AlarmState.None && !IsBack(value)))
        {
            crossing = state;
            return state;
        }

        if (over == AlarmState.None)
        {
            return state = crossing = AlarmState.None;
        }

        if (crossing != over || unixMs < crossingSince)
        {
            (crossing, crossingSince) = (over, unixMs);
        }

        return unixMs - crossingSince >= forMs ? state = over : state;
    }

    bool IsBack(double value) => state switch
    {
        AlarmState.Low => value >= limits.Low + Hysteresis(limits.Low ?? 0),
        AlarmState.High => value <= limits.High - Hysteresis(limits.High ?? 0),
        _ => true,
    };

    double Hysteresis(double limit) => limits.Hysteresis ?? Math.Abs(limit) * 0.02;
}
