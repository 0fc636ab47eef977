using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using MeshIoT.Health;
using Xunit;

namespace MeshIoT.Alerts.Tests;

/// <summary>When people hear of a fault, on a clock that the test turns.</summary>
public class AlertEngineTests
{
    static readonly DateTimeOffset Start = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
    static readonly Fault Broken = new("test-broken", Severity.High, 1, "{0} is broken.", "Mend it.");
    static readonly Fault Minor = new("test-minor", Severity.Low, 1, "{0} is odd.", "Look at it.");

    readonly Dictionary<string, FaultReport> faults = [];
    AlertEngine engine = new(new AlertRules(), [], Start);

    string At(double minutes) => string.Join(
        ' ', engine.Look(faults, Start.AddMinutes(minutes)).Select(n => $"{n.Kind}:{n.Topic}{(n.LeftOut > 0 ? $"+{n.LeftOut}" : "")}"));

    [Fact]
    public void A_fault_that_lasts_is_said_once_and_again_after_long_and_when_it_is_over()
    {
        faults["pump"] = Broken.With("pump");
        Assert.Equal("", At(0));
        Assert.Equal(Start.AddMinutes(2), engine.NextLook);
        Assert.Equal("Raised:pump", At(2));
        Assert.Equal("", At(3));
        Assert.Equal(Start.AddMinutes(722), engine.NextLook);
        Assert.Equal("Still:pump", At(722));
        faults.Clear();
        Assert.Equal("", At(800));
        Assert.Equal(Start.AddMinutes(802), engine.NextLook);
        Assert.Equal("Over:pump", At(802));
        Assert.Null(engine.NextLook);
        Assert.Equal("", At(9999));
    }

    [Fact]
    public void One_that_comes_and_goes_is_one_alert_and_one_that_never_lasts_is_none()
    {
        for (int minute = 0; minute < 60; minute++)
        {
            if (minute % 2 == 0)
            {
                faults["door"] = Broken.With("door");
            }
            else
            {
                faults.Remove("door");
            }

            Assert.Equal("", At(minute));
        }

        faults["door"] = Broken.With("door");
        At(100);
        Assert.Equal("Raised:door", At(102));
        for (int minute = 103; minute < 160; minute++)
        {
            faults.Remove("door");
            Assert.Equal("", At(minute));
            faults["door"] = Broken.With("door");
            Assert.Equal("", At(minute + 0.5));
        }
    }

    [Fact]
    public void Small_faults_are_no_alerts_and_a_rule_of_its_own_changes_that()
    {
        faults["a"] = Minor.With("a");
        faults["b"] = Broken.With("b");
        At(0);
        Assert.Equal("Raised:b", At(2));
        engine.Use(new AlertRules { ByCode = new Dictionary<string, AlertRule> { ["test-minor"] = new(After: TimeSpan.Zero), ["test-broken"] = new(IsMuted: true) } });
        Assert.Equal("Raised:a", At(3));
        Assert.Equal("Over:b", At(5));
    }

    [Fact]
    public void A_flood_is_bounded_and_what_was_left_out_is_counted()
    {
        engine = new(new AlertRules { MostPerHour = 3, After = TimeSpan.Zero }, [], Start);
        for (int i = 0; i < 100; i++)
        {
            faults[$"s{i:000}"] = Broken.With(i);
        }

        Assert.Equal("Raised:s000 Raised:s001 Raised:s002", At(0));
        faults["t"] = Broken.With("t");
        Assert.Equal("Raised:t+97", At(30));
    }

    [Fact]
    public void After_a_restart_nobody_hears_twice_and_what_is_over_meanwhile_is_said_to_be_over()
    {
        faults["pump"] = Broken.With("pump");
        faults["fan"] = Broken.With("fan");
        At(0);
        At(2);
        IReadOnlyList<OpenAlert> kept = engine.Open;
        Assert.Equal(["fan", "pump"], kept.Select(k => k.Topic));
        engine = new(new AlertRules(), kept, Start.AddMinutes(10));
        faults.Remove("fan");
        Assert.Equal("", At(10));
        Assert.Equal("Over:fan", At(12));
        Assert.Equal(["pump"], engine.Open.Select(k => k.Topic));
        Assert.Equal("Still:pump", At(722));
    }

    [Fact]
    public void A_clock_that_was_years_ahead_keeps_nothing_quiet()
    {
        faults["pump"] = Broken.With("pump");
        engine = new(new AlertRules(), [new("pump", "test-broken", Severity.High, "x", Start.AddYears(9), Start.AddYears(9))], Start);
        Assert.Equal("", At(0));
        Assert.Equal("Still:pump", At(721));
        At(1e7);
        Assert.Equal("", At(722));
        Assert.Equal("Still:pump", At(722 + 721));
    }

    [Fact]
    public void Whatever_happens_every_alert_begins_once_and_ends_once() => Gen.Select(Gen.Int[0, 3], Gen.Bool, Gen.Int[0, 400]).Array[1, 200].Sample(steps =>
    {
        Dictionary<string, FaultReport> now = [];
        Dictionary<string, bool> open = [];
        AlertEngine tried = new(new AlertRules { MostPerHour = 1_000_000 }, [], Start);
        DateTimeOffset time = Start;
        foreach ((int topic, bool isBroken, int seconds) in steps)
        {
            time += TimeSpan.FromSeconds(seconds);
            if (isBroken)
            {
                now[$"t{topic}"] = Broken.With(topic);
            }
            else
            {
                now.Remove($"t{topic}");
            }

            foreach (AlertNotice notice in tried.Look(now, time))
            {
                Assert.Equal(notice.Kind == AlertKind.Raised, !open.GetValueOrDefault(notice.Topic));
                open[notice.Topic] = notice.Kind != AlertKind.Over;
            }

            Assert.Equal(open.Where(o => o.Value).Select(o => o.Key).Order(), tried.Open.Select(o => o.Topic).Order());
            Assert.True(tried.NextLook is null || tried.NextLook > time);
        }
    });
}
