using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;

namespace MeshIoT.Fuzz.Engine;

/// <summary>Fuzzes one target for a while, in this process: what takes a new branch is kept and changed further.</summary>
sealed class Campaign(FuzzTarget target, Random random, string? corpus)
{
    // Far more than any input takes, even on a machine with other work.
    static readonly TimeSpan TooLong = TimeSpan.FromSeconds(5);

    readonly Mutator mutator = new(random);
    readonly List<byte[]> kept = [];

    /// <summary>Inputs that were tried.</summary>
    public long Tried { get; private set; }

    /// <summary>Inputs that are kept.</summary>
    public int Kept => kept.Count;

    /// <summary>Branches that were taken; 0: the assemblies are not instrumented.</summary>
    public int Branches { get; private set; }

    /// <summary>What went wrong, and with which input; null: nothing.</summary>
    public (string What, byte[] Input)? Finding { get; private set; }

    /// <summary>Runs until the time is over or something is found.</summary>
    public void Run(TimeSpan time)
    {
        Coverage coverage = new();
        Stopwatch watch = Stopwatch.StartNew();
        foreach (byte[] seed in Seeds())
        {
            if (!Try(seed, coverage, isSeed: true))
            {
                return;
            }
        }

        // At least so many, however busy the machine is.
        while (watch.Elapsed < time || Tried < 200)
        {
            byte[] one = kept[random.Next(kept.Count)];
            if (!Try(mutator.Change(one, kept, target.MostBytes), coverage, isSeed: false))
            {
                return;
            }
        }

        Branches = coverage.Branches;
    }

    IEnumerable<byte[]> Seeds()
    {
        foreach (byte[] seed in target.Seeds)
        {
            yield return seed;
        }

        if (corpus is not null && Directory.Exists(corpus))
        {
            foreach (string file in Directory.GetFiles(corpus))
            {
                yield return File.ReadAllBytes(file);
            }
        }

        yield return [];
    }

    bool Try(byte[] input, Coverage coverage, bool isSeed)
    {
        Tried++;
        coverage.Reset();
        long before = GC.GetAllocatedBytesForCurrentThread();
        long began = Stopwatch.GetTimestamp();
        try
        {
            target.Run(input);
        }
#pragma warning disable CA1031 // Any exception is what is looked for.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Finding = ($"{e.GetType().Name}: {e.Message}{Environment.NewLine}{e.StackTrace}", input);
            return false;
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before, allowed = target.MostAllocated + ((long)target.BytesPerByte * input.Length);

        // The first ones fill caches and static fields.
        if (Tried > 100 && allocated > allowed)
        {
            Finding = ($"{allocated} bytes allocated for an input of {input.Length}, allowed are {allowed}", input);
            return false;
        }

        if (Stopwatch.GetElapsedTime(began) > TooLong)
        {
            Finding = ($"it took {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s", input);
            return false;
        }

        bool news = coverage.IsNews();
        if (isSeed || (news && kept.Count < 20_000))
        {
            kept.Add(input);
            Save(input, news && !isSeed);
        }

        return true;
    }

    void Save(byte[] input, bool news)
    {
        if (corpus is not null && news)
        {
            Directory.CreateDirectory(corpus);
            File.WriteAllBytes(Path.Combine(corpus, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(input))[..24]), input);
        }
    }
}
