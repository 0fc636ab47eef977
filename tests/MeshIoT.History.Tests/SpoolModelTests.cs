using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using MeshIoT.Tests;
using Xunit;
using static MeshIoT.History.Tests.Spools;

namespace MeshIoT.History.Tests;

/// <summary>Random histories against a list: readers, batches, restarts, crashes (the file as it is on the disk, memory lost).</summary>
public sealed class SpoolModelTests
{
    enum Step
    {
        Append,
        AppendUrgent,
        ReadA,
        ReadB,
        Restart,
        Wait,
    }

    static readonly Gen<(Step, int)[]> Histories = Gen.Select(Gen.Enum<Step>(), Gen.Int[1, 20]).Array[1, 60];

    [Fact]
    public void Every_reader_gets_every_message_once_and_in_order() => Histories.Sample(
        static history =>
        {
            using TempDirectory directory = new();
            ManualTime time = new();
            Spool spool = Spool.Open(directory.File("spool.db"), new SpoolOptions(), time);
            spool.KeepReaders(["a", "b"]);
            Dictionary<string, List<int>> got = new() { ["a"] = [], ["b"] = [] };
            int next = 0;
            foreach ((Step step, int n) in history)
            {
                switch (step)
                {
                    case Step.Append or Step.AppendUrgent:
                        spool.Append(Items(next, n), step == Step.AppendUrgent);
                        next += n;
                        break;
                    case Step.ReadA or Step.ReadB:
                        string reader = step == Step.ReadA ? "a" : "b";
                        Assert.Equal(next - got[reader].Count, spool.Pending(reader));
                        IReadOnlyList<SpooledItem> read = spool.Read(reader, n);
                        got[reader].AddRange(Numbers(read));
                        spool.Acknowledge(reader, read.Count > 0 ? read[^1].Id : 0);
                        break;
                    case Step.Restart:
                        spool.Dispose();
                        spool = Spool.Open(directory.File("spool.db"), new SpoolOptions(), time);
                        break;
                    default:
                        time.Advance(TimeSpan.FromMinutes(n));
                        break;
                }
            }

            got["a"].AddRange(Drain(spool, "a"));
            got["b"].AddRange(Drain(spool, "b"));
            spool.Flush();
            Assert.Equal(0, spool.Bytes);
            spool.Dispose();
            Assert.Equal(Enumerable.Range(0, next), got["a"]);
            Assert.Equal(Enumerable.Range(0, next), got["b"]);
        },
        iter: 60, threads: 2);
}
