using System.Linq;
using CsCheck;
using Xunit;

namespace MeshIoT.Sensors.Tests;

public class LimitWatchTests
{
    static AlarmState[] Run(QuantityEntry limits, params (double Value, int Second)[] values)
    {
        LimitWatch watch = new(limits);
        return [.. values.Select(v => watch.Judge(v.Value, v.Second * 1000L))];
    }

    [Fact]
    public void An_alarm_lasts_until_the_value_has_come_back_by_the_hysteresis() => Assert.Equal(
        [AlarmState.None, AlarmState.High, AlarmState.High, AlarmState.High, AlarmState.None, AlarmState.None, AlarmState.Low, AlarmState.Low, AlarmState.None],
        Run(new() { Low = 0, High = 30, Hysteresis = 1 }, (30, 0), (30.1, 1), (29.9, 2), (29.1, 3), (29, 4), (30, 5), (-0.1, 6), (0.9, 7), (1, 8)));

    [Fact]
    public void A_crossing_counts_only_when_it_has_lasted() => Assert.Equal(
        [AlarmState.None, AlarmState.None, AlarmState.None, AlarmState.None, AlarmState.None, AlarmState.High],
        Run(new() { High = 30, ForSeconds = 60 }, (31, 0), (31, 59), (29, 60), (31, 70), (31, 129), (31, 130)));

    [Fact]
    public void From_one_limit_to_the_other_is_an_alarm_at_once() =>
        Assert.Equal([AlarmState.High, AlarmState.Low], Run(new() { Low = 0, High = 30 }, (31, 0), (-1, 1)));

    [Fact]
    public void Whatever_the_values_the_state_fits_the_limits() => Gen.Select(Gen.Double[-50, 50].Array[1, 100], Gen.Double[0, 20]).Sample((values, hysteresis) =>
    {
        LimitWatch watch = new(new() { Low = -10, High = 10, Hysteresis = hysteresis });
        long now = 0;
        foreach (double value in values)
        {
            AlarmState state = watch.Judge(value, now += 1000);
            Assert.False(value > 10 && state != AlarmState.High);
            Assert.False(value < -10 && state != AlarmState.Low);
            Assert.False(state == AlarmState.High && value < 10 - hysteresis);
            Assert.False(state == AlarmState.Low && value > -10 + hysteresis);
        }
    });
}
