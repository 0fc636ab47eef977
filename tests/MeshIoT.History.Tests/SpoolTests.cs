using System;
using System.IO;
using System.Linq;
using MeshIoT.Health;
using MeshIoT.Tests;
using Xunit;
using static MeshIoT.History.Tests.Spools;

namespace MeshIoT.History.Tests;

public sealed class SpoolTests : IDisposable
{
    readonly TempDirectory directory = new();
    readonly ManualTime time = new();
    readonly SpoolOptions always = new() { Batch = TimeSpan.Zero };

    string Path => directory.File("spool.db");

    public void Dispose() => directory.Dispose();

    [Fact]
    public void What_goes_in_comes_out_in_order_with_its_time_stamp()
    {
        using Spool spool = Spool.Open(Path, new SpoolOptions(), time);
        spool.Append(Items(1, 3), isUrgent: false);
        spool.Append(Items(4, 3), isUrgent: true);
        spool.Append(Items(7, 3), isUrgent: false);
        Assert.Equal(9, spool.Pending("a"));
        var read = spool.Read("a", 100);
        Assert.Equal(Enumerable.Range(1, 9), Numbers(read));
        Assert.Equal("t/5", read[4].Item.Topic);
        Assert.Equal(1_005, read[4].Item.UnixMs);
        Assert.Equal(read, spool.Read("a", 100), (x, y) => x.Id == y.Id);
        Assert.Equal([3, 4], Numbers(spool.Read("a", 2, read[1].Id)));
    }

    [Fact]
    public void Each_reader_has_its_own_place_and_the_slowest_keeps_the_messages()
    {
        using Spool spool = Spool.Open(Path, always, time);
        spool.KeepReaders(["a", "b"]);
        spool.Append(Items(1, 10), isUrgent: true);
        Assert.Equal(10, Drain(spool, "a").Length);
        Assert.Equal(0, spool.Pending("a"));
        Assert.Equal(10, spool.Pending("b"));
        Assert.Equal(Enumerable.Range(1, 10), Drain(spool, "b"));
        Assert.True(spool.Flush());
        Assert.Equal(0, spool.Bytes);
        Assert.Equal(0, spool.Dropped);
    }

    [Fact]
    public void A_reader_that_is_no_more_keeps_nothing()
    {
        using Spool spool = Spool.Open(Path, always, time);
        spool.KeepReaders(["a", "gone"]);
        spool.Append(Items(1, 10), isUrgent: true);
        Drain(spool, "a");
        spool.KeepReaders(["a"]);
        spool.Flush();
        Assert.Equal(0, spool.Bytes);
    }

    [Fact]
    public void Places_survive_a_restart()
    {
        using (Spool spool = Spool.Open(Path, new SpoolOptions(), time))
        {
            spool.Append(Items(1, 10), isUrgent: false);
            spool.Acknowledge("a", spool.Read("a", 4)[^1].Id);
            Assert.Single(spool.Read("b", 1));
        }

        using Spool again = Spool.Open(Path, new SpoolOptions(), time);
        Assert.Equal(Enumerable.Range(5, 6), Numbers(again.Read("a", 100)));
        Assert.Equal(Enumerable.Range(1, 10), Drain(again, "b"));
        Assert.Equal(Enumerable.Range(5, 6), Drain(again, "a"));
        again.Append(Items(11, 1), isUrgent: true);
        Assert.Equal([11], Drain(again, "a"));
    }

    [Fact]
    public void What_is_not_urgent_is_written_once_a_batch_and_what_everybody_has_never()
    {
        using Spool spool = Spool.Open(Path, new SpoolOptions(), time);
        spool.KeepReaders(["a"]);
        for (int minute = 0; minute < 60; minute++)
        {
            spool.Append([Item(minute)], isUrgent: false);
            Drain(spool, "a");
            time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(0, spool.File!.LastId);
        spool.Append([Item(60)], isUrgent: false);
        time.Advance(TimeSpan.FromMinutes(14));
        Assert.Equal(0, spool.File.LastId);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, spool.File.Count);
    }

    [Fact]
    public void Nothing_is_written_while_nothing_comes()
    {
        using Spool spool = Spool.Open(Path, always, time);
        spool.Append(Items(1, 10), isUrgent: true);
        Drain(spool, "a");
        spool.Flush();
        DateTime log = File.GetLastWriteTimeUtc(Path + "-wal"), file = File.GetLastWriteTimeUtc(Path);
        for (int hour = 0; hour < 48; hour++)
        {
            time.Advance(TimeSpan.FromHours(1));
            Assert.Empty(spool.Read("a", 10));
        }

        Assert.Equal(log, File.GetLastWriteTimeUtc(Path + "-wal"));
        Assert.Equal(file, File.GetLastWriteTimeUtc(Path));
    }

    [Fact]
    public void Beyond_its_bytes_the_oldest_go_and_the_warning_ends_when_there_is_room()
    {
        using Spool spool = Spool.Open(Path, always with { MaxBytes = 100_000 }, time);
        spool.KeepReaders(["a"]);
        for (int i = 0; i < 300; i++)
        {
            spool.Append([Item(i, 1_000)], isUrgent: false);
            Assert.True(spool.Bytes <= 100_000);
        }

        Assert.Equal("spool-overflow", spool.Problem!.Fault.Code);
        int[] left = Drain(spool, "a");
        Assert.Equal(299, left[^1]);
        Assert.Equal(Enumerable.Range(left[0], left.Length), left);
        Assert.Equal(300, spool.Dropped + left.Length);
        Assert.InRange(left.Length, 85, 100);
        spool.Flush();
        Assert.Null(spool.Problem);
    }

    [Fact]
    public void A_batch_larger_than_the_spool_keeps_its_end()
    {
        using Spool spool = Spool.Open(Path, new SpoolOptions { MaxBytes = 100_000, BufferBytes = 10_000_000 }, time);
        spool.Append(Items(0, 500, 1_000), isUrgent: false);
        spool.Flush();
        int[] left = Drain(spool, "a");
        Assert.Equal(499, left[^1]);
        Assert.Equal(500, spool.Dropped + left.Length);
        spool.Append([Item(1, 30_000)], isUrgent: true);
        Assert.Empty(Drain(spool, "a"));
    }

    [Fact]
    public void What_waited_too_long_goes_and_a_clock_that_is_set_ages_nothing()
    {
        ShiftedTime shifted = new(time) { Shift = -TimeSpan.FromDays(20_000) };
        SpoolOptions week = always with { MaxAge = TimeSpan.FromDays(7) };
        using (Spool spool = Spool.Open(Path, week, shifted))
        {
            spool.KeepReaders(["a"]);
            spool.Append([Item(1)], isUrgent: true);
            shifted.Shift = TimeSpan.Zero;
            spool.Append([Item(2)], isUrgent: true);
            shifted.Shift = -TimeSpan.FromDays(20_000);
            spool.Append([Item(3)], isUrgent: true);
        }

        shifted.Shift = TimeSpan.Zero;
        using Spool later = Spool.Open(Path, week, shifted);
        time.Advance(TimeSpan.FromDays(6));
        later.Append([Item(4)], isUrgent: true);
        Assert.Equal([1, 2, 3, 4], Numbers(later.Read("a", 9)));
        time.Advance(TimeSpan.FromDays(2));
        later.Append([Item(5)], isUrgent: true);
        Assert.Equal([4, 5], Numbers(later.Read("a", 9)));
    }

    [Fact]
    public void Time_while_it_was_off_counts()
    {
        using (Spool spool = Spool.Open(Path, always, time))
        {
            spool.KeepReaders(["a"]);
            spool.Append([Item(1)], isUrgent: true);
        }

        time.Advance(TimeSpan.FromDays(31));
        using Spool later = Spool.Open(Path, always, time);
        later.Append([Item(2)], isUrgent: true);
        Assert.Equal([2], Drain(later, "a"));
    }

    [Theory]
    [InlineData("not a database at all, but a text that somebody put here, long enough to be taken for a header of one hundred bytes ...")]
    [InlineData("SQLite format 3\0 and then nonsense")]
    public void A_file_that_is_no_spool_is_put_aside(string content)
    {
        File.WriteAllText(Path, content);
        using Spool spool = Spool.Open(Path, always, time);
        Assert.Equal("storage-set-aside", spool.Problem!.Fault.Code);
        spool.Append(Items(1, 3), isUrgent: true);
        Assert.Equal([1, 2, 3], Drain(spool, "a"));
        string aside = Assert.Single(Directory.GetFiles(directory.Path, "spool.db.damaged-*"));
        Assert.Equal(content, File.ReadAllText(aside));
    }

    [Fact]
    public void A_directory_that_appears_later_is_used_then_and_what_readers_said_before_is_not_taken_for_other_messages()
    {
        string late = System.IO.Path.Combine(directory.Path, "late"), path = System.IO.Path.Combine(late, "spool.db");
        using (Spool other = Spool.Open(Path, always, time))
        {
            other.KeepReaders(["a"]);
            other.Append(Items(1, 5), isUrgent: true);
        }

        using Spool spool = Spool.Open(path, always, time);
        Assert.Equal("storage-unusable", spool.Problem!.Fault.Code);
        spool.Append(Items(6, 5), isUrgent: true);
        var before = spool.Read("a", 2);
        Assert.Equal([6, 7], Numbers(before));
        Directory.CreateDirectory(late);
        File.Move(Path, path);
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(spool.Problem);
        spool.Acknowledge("a", before[^1].Id);
        Assert.Equal(Enumerable.Range(1, 10), Drain(spool, "a"));
    }

    [Fact]
    public void Memory_is_bounded_while_the_disk_cannot_be_used()
    {
        using Spool spool = Spool.Open(System.IO.Path.Combine(directory.Path, "none", "spool.db"), new SpoolOptions { BufferBytes = 10_000 }, time);
        for (int i = 0; i < 1_000; i++)
        {
            spool.Append([Item(i, 100)], isUrgent: true);
            Assert.True(spool.Bytes <= 10_000);
        }

        int[] left = Drain(spool, "a");
        Assert.Equal(999, left[^1]);
        Assert.Equal(1_000, spool.Dropped + left.Length);
    }

    [Fact]
    public void A_full_disk_costs_the_oldest_and_is_over_by_itself()
    {
        using Spool spool = Spool.Open(Path, always, time);
        spool.KeepReaders(["a"]);
        spool.Append(Items(0, 200, 1_000), isUrgent: true);
        spool.File!.Limit(spool.File.Pages + 2);
        for (int i = 200; i < 400; i++)
        {
            spool.Append([Item(i, 1_000)], isUrgent: true);
        }

        Assert.Equal("storage-full", spool.Problem!.Fault.Code);
        Assert.True(spool.Dropped > 0);
        spool.File.Limit(1_000_000);
        time.Advance(TimeSpan.FromMinutes(3));
        spool.Append([Item(400)], isUrgent: true);
        int[] left = Drain(spool, "a");
        Assert.Equal(Enumerable.Range(left[0], left.Length), left);
        Assert.Equal(400, left[^1]);
        Assert.Equal(401, spool.Dropped + left.Length);
        spool.Flush();
        Assert.Null(spool.Problem);
    }

    [Fact]
    public void Trouble_is_told_once_each_way()
    {
        using Spool spool = Spool.Open(Path, always with { MaxBytes = 20_000 }, time);
        int told = 0;
        FaultReport? last = null;
        spool.ProblemChanged += report => (told, last) = (told + 1, report);
        spool.KeepReaders(["a"]);
        spool.Append(Items(0, 19, 1_000), isUrgent: true);
        spool.Append(Items(0, 2, 1_000), isUrgent: true);
        Assert.Equal((1, "spool-overflow"), (told, last!.Fault.Code));
        Drain(spool, "a");
        spool.Flush();
        Assert.Equal((2, (FaultReport?)null), (told, last));
    }
}
