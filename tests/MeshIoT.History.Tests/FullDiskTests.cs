using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using MeshIoT.Tests;
using Xunit;
using static MeshIoT.History.Tests.Feed;
using static MeshIoT.History.Tests.Spools;

namespace MeshIoT.History.Tests;

/// <summary>A real file system that is full: a tmpfs of four megabytes, where the test may mount one.</summary>
public sealed class FullDiskTests : IDisposable
{
    readonly TempDirectory directory = new();
    readonly ManualTime time = new();
    bool isMounted;

    public void Dispose()
    {
        if (isMounted)
        {
            Run("umount", directory.File("small"));
        }

        directory.Dispose();
    }

    [Fact]
    public void The_spool_gives_up_its_oldest_and_goes_on_by_itself()
    {
        string small = Mount();
        using Spool spool = Spool.Open(Path.Combine(small, "spool.db"), new SpoolOptions { Batch = TimeSpan.Zero, BufferBytes = 100_000 }, time);
        spool.KeepReaders(["a"]);
        int next = 0;
        for (; next < 300; next++)
        {
            spool.Append([Item(next, 1_000)], isUrgent: true);
        }

        Assert.Null(spool.Problem);
        Fill(small);
        for (; next < 3_000; next++)
        {
            spool.Append([Item(next, 1_000)], isUrgent: true);
        }

        Assert.Equal("storage-full", spool.Problem!.Fault.Code);
        int[] kept = Numbers(spool.Read("a", 5_000));
        Assert.Equal(Enumerable.Range(kept[0], kept.Length), kept);
        File.Delete(Path.Combine(small, "filler"));
        for (; next < 3_100; next++)
        {
            spool.Append([Item(next, 1_000)], isUrgent: true);
            time.Advance(TimeSpan.FromMinutes(1));
        }

        int[] left = Drain(spool, "a");
        Assert.Equal(3_099, left[^1]);
        Assert.True(left.Length > 100);
        Assert.Equal(Enumerable.Range(left[0], left.Length), left);
        Assert.Equal(3_100, spool.Dropped + left.Length);
        spool.Flush();
        Assert.Null(spool.Problem);
    }

    [Fact]
    public void The_history_gives_up_its_oldest_and_goes_on_by_itself()
    {
        string small = Mount();
        HistoryOptions options = new() { Zone = TimeZoneInfo.Utc, BufferBytes = 50_000, SortBytes = 20_000 };
        using HistoryStore store = HistoryStore.Open(Path.Combine(small, "history.db"), options, time);
        Add(20_000);
        Assert.Null(store.Problem);
        Fill(small);
        Add(60_000);
        Assert.Equal("storage-full", store.Problem!.Fault.Code);
        File.Delete(Path.Combine(small, "filler"));
        Add(2_000);
        Assert.True(store.Flush());
        Assert.Null(store.Problem);
        HistoryPoint[] found = [.. store.Query(Probe.Id, 0, long.MaxValue, Resolution.Raw, 100_000).Points];
        Assert.Equal(0, store.Damaged);
        Assert.True(found.Sum(p => p.Count) >= 2_000);
        Assert.InRange(Now(time) - found[^1].UnixMs, 0, 10_000_000);

        void Add(int count)
        {
            Random random = new(count);
            for (int i = 0; i < count; i++)
            {
                store.Add([Of(Now(time), random.NextDouble())]);
                time.Advance(TimeSpan.FromSeconds(10));
                Assert.True(store.BufferedBytes <= 120_000);
            }
        }
    }

    string Mount()
    {
        string small = directory.File("small");
        Directory.CreateDirectory(small);
        isMounted = Environment.IsPrivilegedProcess && Run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", small);
        Assert.SkipUnless(isMounted, "no right to mount here");
        return small;
    }

    static void Fill(string small)
    {
        using FileStream filler = new(Path.Combine(small, "filler"), FileMode.Create, FileAccess.Write, FileShare.None, 0);
        byte[] block = new byte[4096];
        try
        {
            for (int i = 0; i < 2048; i++)
            {
                filler.Write(block);
            }
        }
        catch (IOException)
        {
            return; // Full, as it is meant to be.
        }

        Assert.Fail("it did not get full");
    }

    static bool Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
