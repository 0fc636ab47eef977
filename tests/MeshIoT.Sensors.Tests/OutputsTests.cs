using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Health;
using MeshIoT.Tests;
using Xunit;

namespace MeshIoT.Sensors.Tests;

/// <summary>The rules of outputs on a clock that the test turns.</summary>
public sealed class OutputsTests
{
    sealed class Lamp(OutputEntry entry, bool isLevel = false) : OutputDevice(isLevel ? OutputDescription.Level(entry, "%", 0, 100) : OutputDescription.Switch(entry))
    {
        public List<double> Set { get; } = [];

        public bool IsBroken { get; set; }

        public bool IsGone { get; private set; }

        public double Real { get; set; } = double.NaN;

        public override FaultReport? TrySet(double value)
        {
            if (IsBroken)
            {
                return Faults.OutputSilent.With(Description.Id, "it is broken");
            }

            Set.Add(value);
            Real = value;
            return null;
        }

        public override FaultReport? TryRead(out double value)
        {
            value = Real;
            return IsBroken ? Faults.OutputSilent.With(Description.Id, "it is broken") : null;
        }

        protected override void Dispose(bool disposing) => IsGone = true;
    }

    sealed class Memory : IOutputMemory
    {
        public List<IReadOnlyList<SavedOutput>> Saves { get; } = [];

        public IReadOnlyList<SavedOutput> Load() => Saves.Count > 0 ? Saves[^1] : [];

        public FaultReport? Save(IReadOnlyList<SavedOutput> outputs)
        {
            Saves.Add(outputs);
            return null;
        }
    }

    readonly ManualTime time = new();
    readonly Memory memory = new();
    readonly Dictionary<string, Lamp> lamps = [];

    static OutputEntry Entry(string id = "lamp") => new() { Id = id, Driver = "test", Origin = "m.toml:1:1" };

    Outputs With(params OutputEntry[] entries)
    {
        Outputs outputs = new(time, memory);
        Use(outputs, entries);
        return outputs;
    }

    IReadOnlyDictionary<string, FaultReport> Use(Outputs outputs, params OutputEntry[] entries) => outputs.Use(entries, e => lamps[e.Id] = new Lamp(e, e.Options.ContainsKey("level")));

    [Fact]
    public void It_is_safe_at_start_and_at_the_end_and_commanded_in_between()
    {
        List<(double?, string)> told = [];
        Outputs outputs = With(Entry());
        outputs.Changed += state => told.Add((state.Value, state.Who));
        Assert.Equal([0], lamps["lamp"].Set);
        Assert.Null(outputs.TrySet("lamp", "ON", "cli"));
        Assert.Equal((1.0, "cli"), (outputs.Find("lamp")!.Value, outputs.Find("lamp")!.Who));
        time.Advance(TimeSpan.FromDays(400));
        Assert.Equal([0, 1], lamps["lamp"].Set);
        outputs.Dispose();
        Assert.Equal([0, 1, 0], lamps["lamp"].Set);
        Assert.True(lamps["lamp"].IsGone);
        Assert.Equal([(1.0, "cli")], told);
        Assert.Equal("no-such-output", outputs.TrySet("lamp", 1, "cli")!.Fault.Code);
        Assert.Empty(memory.Saves);
    }

    [Fact]
    public void When_commands_stay_away_it_goes_back_and_each_command_holds_it_longer()
    {
        using Outputs outputs = With(Entry() with { MaxOn = TimeSpan.FromMinutes(10) });
        outputs.TrySet("lamp", 1, "mqtt");
        time.Advance(TimeSpan.FromMinutes(9));
        outputs.TrySet("lamp", 1, "mqtt");
        time.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(1, outputs.Find("lamp")!.Value);
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal((0.0, "time over", null), (outputs.Find("lamp")!.Value, outputs.Find("lamp")!.Who, outputs.Find("lamp")!.UntilUnixMs));

        // A command's own time, where it is shorter; at the safe value no time runs.
        outputs.TrySet("lamp", 1, "cli", TimeSpan.FromMinutes(1));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, outputs.Find("lamp")!.Value);
        outputs.TrySet("lamp", 1, "cli", TimeSpan.FromHours(1));
        Assert.Equal(time.GetUtcNow().AddMinutes(10).ToUnixTimeMilliseconds(), outputs.Find("lamp")!.UntilUnixMs);
        outputs.TrySet("lamp", 0, "cli");
        Assert.Null(outputs.Find("lamp")!.UntilUnixMs);
    }

    [Fact]
    public void The_safe_value_is_tried_until_it_holds_and_a_failed_command_is_the_commanders()
    {
        using Outputs outputs = With(Entry() with { MaxOn = TimeSpan.FromMinutes(1) });
        Lamp lamp = lamps["lamp"];
        outputs.TrySet("lamp", 1, "cli");
        lamp.IsBroken = true;
        Assert.Equal("output-silent", outputs.TrySet("lamp", 1, "cli")!.Fault.Code);
        Assert.Null(outputs.Find("lamp")!.Value);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("output-silent", outputs.Find("lamp")!.Problem!.Fault.Code);
        for (int i = 0; i < 10; i++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
        }

        lamp.IsBroken = false;
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((0.0, null), (outputs.Find("lamp")!.Value, outputs.Find("lamp")!.Problem));
        Assert.Equal([0, 1, 0], lamp.Set);
    }

    [Fact]
    public void A_lamp_that_is_broken_at_start_is_set_once_it_works()
    {
        using Outputs outputs = new(time, memory);
        outputs.Use([Entry()], e => lamps[e.Id] = new Lamp(e) { IsBroken = true });
        Assert.NotNull(outputs.Find("lamp")!.Problem);
        lamps["lamp"].IsBroken = false;
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((0.0, "start"), (outputs.Find("lamp")!.Value, outputs.Find("lamp")!.Who));
    }

    [Fact]
    public void The_last_command_outlives_a_restart_only_where_the_entry_says_so()
    {
        OutputEntry[] entries = [Entry("pump") with { Restore = true }, Entry("lamp"), Entry("heater") with { Restore = true, MaxOn = TimeSpan.FromMinutes(10) }];
        Outputs first = With(entries);
        Assert.Empty(memory.Saves);
        first.TrySet("pump", 1, "cli");
        first.TrySet("lamp", 1, "cli");
        first.TrySet("heater", 1, "cli");
        first.Dispose();
        Assert.All(lamps.Values, lamp => Assert.Equal(0, lamp.Set[^1]));
        Outputs second = With(entries);
        Assert.Equal((1.0, "restored"), (second.Find("pump")!.Value, second.Find("pump")!.Who));
        Assert.Equal((0.0, "start"), (second.Find("lamp")!.Value, second.Find("lamp")!.Who));
        Assert.Equal(1, second.Find("heater")!.Value);

        // The heater's time goes on where it was.
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(0, second.Find("heater")!.Value);
        second.Dispose();
        using Outputs third = With(entries);
        Assert.Equal(0, third.Find("heater")!.Value);
        Assert.Equal(1, third.Find("pump")!.Value);
    }

    [Fact]
    public void A_restored_value_that_has_to_wait_for_its_hardware_ends_when_its_time_is_over()
    {
        OutputEntry entry = Entry() with { Restore = true, MaxOn = TimeSpan.FromMinutes(10) };
        Outputs first = With(entry);
        first.TrySet("lamp", 1, "cli");
        first.Dispose();
        using Outputs second = new(time, memory);
        second.Use([entry], e => lamps[e.Id] = new Lamp(e) { IsBroken = true });
        for (int i = 0; i < 11; i++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
        }

        lamps["lamp"].IsBroken = false;
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([0], lamps["lamp"].Set);
    }

    [Fact]
    public void Quick_commands_are_kept_at_once_and_then_every_ten_seconds_at_most()
    {
        Outputs outputs = With(Entry() with { Restore = true });
        for (int i = 0; i < 1_000; i++)
        {
            outputs.TrySet("lamp", i % 2 == 0 ? 1 : 0, "mqtt");
            time.Advance(TimeSpan.FromMilliseconds(50));
        }

        Assert.InRange(memory.Saves.Count, 4, 6);
        outputs.TrySet("lamp", 1, "mqtt");
        outputs.Dispose();
        Assert.Equal(1, Assert.Single(memory.Saves[^1]).Value);
        int saves = memory.Saves.Count;
        using Outputs again = With(Entry() with { Restore = true });
        again.TrySet("lamp", 1, "mqtt");
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(saves, memory.Saves.Count);
    }

    [Fact]
    public void New_rules_leave_the_hardware_as_it_is_and_another_pin_does_not()
    {
        using Outputs outputs = With(Entry(), Entry("other"));
        outputs.TrySet("lamp", 1, "cli", TimeSpan.FromMinutes(1));
        Lamp first = lamps["lamp"], other = lamps["other"];
        Assert.Empty(Use(outputs, Entry() with { Name = "Lamp", MaxOn = TimeSpan.FromHours(1) }));
        Assert.Same(first, lamps["lamp"]);
        Assert.Equal((1.0, "Lamp", true), (outputs.Find("lamp")!.Value, outputs.Find("lamp")!.Output.Name, other.IsGone));
        Assert.Null(outputs.Find("other"));
        Assert.Equal([0, 1], first.Set);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, outputs.Find("lamp")!.Value);
        outputs.TrySet("lamp", 1, "cli");
        Use(outputs, Entry() with { Options = new Dictionary<string, string> { ["pin"] = "5" } });
        Assert.True(first.IsGone);
        Assert.Equal(0, first.Set[^1]);
        Assert.NotSame(first, lamps["lamp"]);
    }

    [Fact]
    public void Keep_leaves_it_alone_and_has_no_time_to_go_back_after()
    {
        Outputs outputs = With(Entry() with { FailSafe = "keep" });
        Assert.Empty(lamps["lamp"].Set);
        Assert.Null(outputs.Find("lamp")!.Value);
        Assert.Equal("output-has-no-safe-value", outputs.TrySet("lamp", 1, "cli", TimeSpan.FromSeconds(1))!.Fault.Code);
        outputs.TrySet("lamp", 1, "cli");
        outputs.Dispose();
        Assert.Equal([1], lamps["lamp"].Set);
    }

    [Theory]
    [InlineData("50", 50.0)]
    [InlineData("12.5 %", 12.5)]
    [InlineData("on", 100.0)]
    [InlineData("false", 0.0)]
    [InlineData("101", null)]
    [InlineData("-1", null)]
    [InlineData("NaN", null)]
    [InlineData("", null)]
    [InlineData("on on", null)]
    public void A_level_takes_what_lies_between_its_bounds(string text, double? value)
    {
        using Outputs outputs = With(Entry() with { Options = new Dictionary<string, string> { ["level"] = "" }, FailSafe = "10" });
        Assert.Equal(value is null ? "output-value-malformed" : null, outputs.TrySet("lamp", text, "cli")?.Fault.Code);
        Assert.Equal(value ?? 10, outputs.Find("lamp")!.Value);
    }

    [Theory]
    [InlineData("2")]
    [InlineData("0.5")]
    [InlineData("toggle")]
    public void A_switch_takes_on_and_off(string text)
    {
        using Outputs outputs = With(Entry());
        Assert.Equal("output-value-malformed", outputs.TrySet("lamp", text, "cli")!.Fault.Code);
        Assert.Equal("output-value-malformed", outputs.TrySet("lamp", new string('1', 100_000), "cli")!.Fault.Code);
        Assert.Equal("no-such-output", outputs.TrySet(new string('x', 100_000), text, "cli")!.Fault.Code);
    }

    [Fact]
    public void Entries_that_cannot_be_right_are_named_and_the_others_work()
    {
        using Outputs outputs = new(time, memory);
        var wrong = Use(outputs, Entry("a") with { FailSafe = "half" }, Entry("b") with { FailSafe = "keep", MaxOn = TimeSpan.FromSeconds(1) }, Entry("c"));
        Assert.Equal(["a", "b"], wrong.Keys.Order());
        Assert.All(wrong.Values, w => Assert.Equal("setting-malformed", w.Fault.Code));
        Assert.Equal(["c"], outputs.Current.Select(s => s.Output.Id));
    }

    [Fact]
    public void What_somebody_else_sets_is_seen()
    {
        using Outputs outputs = With(Entry());
        lamps["lamp"].Real = 1;
        outputs.LookForStrangers();
        Assert.Equal((1.0, "somebody else"), (outputs.Find("lamp")!.Value, outputs.Find("lamp")!.Who));
    }
}
