using System;
using CsCheck;
using Xunit;

namespace MeshIoT.WireGuard.Tests;

/// <summary>Labels only grow, whatever the wall clock does and however often the power fails. Fact sheet, section 11.3.</summary>
public class Tai64nClockTests
{
    static byte[] Next(Tai64nClock clock)
    {
        byte[] label = new byte[12];
        clock.Next(label, 0);
        return label;
    }

    static byte[] Reserve(Tai64nClock clock)
    {
        byte[] reserve = new byte[12];
        clock.CopyReserve(reserve, 0);
        return reserve;
    }

    static int Compare(byte[] a, byte[] b) => a.AsSpan().SequenceCompareTo(b);

    [Fact]
    public void Labels_of_the_same_moment_differ_by_one_step()
    {
        var clock = new Tai64nClock(0);
        clock.SetWallTime(1_700_000_000_123);
        Assert.Equal("400000006553F10A07000000", Convert.ToHexString(Next(clock)));
        Assert.Equal("400000006553F10A08000000", Convert.ToHexString(Next(clock)));
        clock.SetWallTime(1_600_000_000_000);
        Assert.Equal("400000006553F10A09000000", Convert.ToHexString(Next(clock)));
    }

    [Fact]
    public void No_label_is_older_than_the_build()
    {
        var clock = new Tai64nClock(1_750_000_000_000);
        clock.SetWallTime(0);
        Assert.True(BigEndian.ReadUInt64(Next(clock), 0) >= 0x400000000000000A + 1_750_000_000UL);
    }

    [Fact]
    public void Nonsense_neither_sets_the_clock_nor_the_floor()
    {
        var clock = new Tai64nClock(0);
        clock.SetWallTime(1_700_000_000_000);
        byte[] first = Next(clock);
        foreach (string floor in new[] { "FFFFFFFFFFFFFFFFFFFFFFFF", "000000000000000000000000", "400000006553F10A3B9ACA00", "7FFFFFFFFFFFFFFF00000000" })
        {
            Assert.False(clock.RestoreFloor(Convert.FromHexString(floor), 0));
        }

        clock.SetWallTime(long.MaxValue);
        clock.SetWallTime(-5);
        byte[] second = Next(clock);
        Assert.Equal(first.AsSpan(0, 8), second.AsSpan(0, 8));
    }

    [Fact]
    public void The_reserve_is_due_with_the_first_label_then_about_once_a_day()
    {
        var clock = new Tai64nClock(0);
        long wall = 1_700_000_000_000;
        int writes = 0;
        for (int minutes = 0; minutes < 30 * 24 * 60; minutes += 2)
        {
            clock.SetWallTime(wall + (minutes * 60_000L));
            Next(clock);
            if (clock.ReserveDue)
            {
                Reserve(clock);
                Assert.False(clock.ReserveDue);
                writes++;
            }
        }

        Assert.InRange(writes, 29, 32);
    }

    [Fact]
    public void Labels_grow_over_any_mix_of_clock_jumps_and_power_failures()
    {
        // A step: jump of the wall clock in seconds, labels taken, and whether the power fails afterwards.
        Gen<(int, int, bool)> step = Gen.Select(Gen.OneOf(Gen.Int[-100, 100], Gen.Int[-100_000_000, 100_000_000]), Gen.Int[0, 300], Gen.Bool);
        step.Array[1, 30].Sample(steps =>
        {
            byte[]? disk = null;
            byte[] last = new byte[12];
            var clock = new Tai64nClock(0);
            long wall = 1_700_000_000;
            foreach ((int jump, int labels, bool fails) in steps)
            {
                wall = Math.Max(0, wall + jump);
                clock.SetWallTime(wall * 1000);
                for (int i = 0; i < labels; i++)
                {
                    byte[] label = Next(clock);
                    Assert.True(Compare(label, last) > 0);
                    Assert.Equal(0, label[9] | label[10] | label[11]);
                    if (clock.ReserveDue)
                    {
                        disk = Reserve(clock);
                    }

                    Assert.True(Compare(label, disk!) < 0);
                    last = label;
                }

                if (fails)
                {
                    clock = new Tai64nClock(0);
                    Assert.True(disk == null || clock.RestoreFloor(disk, 0));
                }
            }
        }, iter: 300, seed: "0000KOIPe036");
    }
}
