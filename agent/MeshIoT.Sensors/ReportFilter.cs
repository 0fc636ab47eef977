using System;

namespace MeshIoT.Sensors;

/// <summary>Passes a value on when it has moved, when its quality or its alarm is another, or after a long silence.</summary>
/// <param name="change">How far it must have moved from the last one passed on.</param>
/// <param name="longestSilenceMs">After this long any value is passed on.</param>
internal sealed class ReportFilter(double change, long longestSilenceMs)
{
    double lastValue = double.NaN;
    long lastMs;

    public bool Passes(Reading before, Reading now)
    {
        bool passes = before.Quality != now.Quality || before.Alarm != now.Alarm
            || (now.Quality == Quality.Good
                && (!(Math.Abs(now.Value!.Value - lastValue) < change) || now.UnixMs - lastMs >= longestSilenceMs || now.UnixMs < lastMs));
        if (passes && now.Value is { } value)
        {
            (lastValue, lastMs) = (value, now.UnixMs);
        }

        return passes;
    }
}
