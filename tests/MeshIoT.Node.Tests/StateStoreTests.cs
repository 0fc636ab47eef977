using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Node.Session;
using MeshIoT.Node.State;
using MeshIoT.WireGuard;
using Xunit;

namespace MeshIoT.Node.Tests;

/// <summary>What a node must not forget, and what it says when it cannot remember.</summary>
public sealed class StateStoreTests : IDisposable
{
    readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("meshiot-state-");

    string StatePath => Path.Combine(directory.FullName, "state.json");

    public void Dispose() => directory.Delete(recursive: true);

    StateStore Open() => StateStore.Open(directory.FullName, TimeProvider.System);

    static FaultException Fault(Action action) => Assert.Throws<FaultException>(action);

    [Fact]
    public void Directory_and_file_are_the_owners_alone()
    {
        string inner = Path.Combine(directory.FullName, "new", "deeper");
        using StateStore store = StateStore.Open(inner, TimeProvider.System);
        store.Update(static state => state.Hostname = "gateway");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(inner));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(inner, "state.json")));
    }

    [Theory]
    [InlineData("created")]
    [InlineData("written")]
    [InlineData("flushed")]
    [InlineData("renamed")]
    public void A_save_that_breaks_off_anywhere_leaves_the_old_state_or_the_new_one(string step)
    {
        using (StateStore store = Open())
        {
            store.Update(static state => state.Hostname = "old");
            store.AfterStep = reached =>
            {
                if (reached == step)
                {
                    throw new InvalidOperationException("killed");
                }
            };
            Assert.Throws<InvalidOperationException>(() => store.Update(static state => state.Hostname = "new"));
        }

        using StateStore again = Open();
        Assert.Equal(step == "renamed" ? "new" : "old", again.Current.Hostname);
        again.Update(static state => state.Hostname = "newest");
        Assert.Equal("newest", StateReader.Read(StatePath).Hostname);
    }

    [Fact]
    public void A_disk_that_refuses_is_told_and_the_old_state_stays()
    {
        using StateStore store = Open();
        store.Update(static state => state.Hostname = "old");
        store.AfterStep = static step =>
        {
            if (step == "created")
            {
                throw new IOException("No space left on device");
            }
        };
        FaultException fault = Fault(() => store.Update(static state => state.Hostname = "new"));
        Assert.Equal("state-not-saved", fault.Report.Fault.Code);
        Assert.Equal("old", store.Current.Hostname);
        Assert.Equal("old", StateReader.Read(StatePath).Hostname);
    }

    public static IEnumerable<TheoryDataRow<string>> Corruptions() => new[]
    {
        "", "{", "null", "[]", "{\"version\":1", "{\"version\":2}", "{\"machineKey\":\"privkey:12\"}", "{\"nodeKey\":\"x\"}", "{\"nextNodeKey\":\"\"}",
        "{\"loginServer\":\"::\"}", "{\"serverKey\":\"mkey:0\"}", "{\"timestampReserve\":\"zz\"}", "{\"savedAt\":\"soon\"}", "\0\0\0\0", new string('x', 70_000),
    }.Select(static text => new TheoryDataRow<string>(text));

    [Theory]
    [MemberData(nameof(Corruptions))]
    public void A_state_file_that_makes_no_sense_is_told_and_never_touched(string text)
    {
        File.WriteAllText(StatePath, text);
        FaultException fault = Fault(() => Open().Dispose());
        Assert.Equal("state-file-corrupt", fault.Report.Fault.Code);
        Assert.Contains(StatePath, fault.Report.Message);
        Assert.Contains("mv ", fault.Report.Next);
        Assert.Equal(text, File.ReadAllText(StatePath));
        Assert.Equal("state-file-corrupt", Fault(() => Open().Dispose()).Report.Fault.Code);
    }

    [Fact]
    public void Random_damage_is_a_fault_or_a_state_and_no_secret_is_quoted()
    {
        Random random = new(20261123);
        byte[] good;
        using (StateStore store = Open())
        {
            store.Update(static state =>
            {
                state.MachineKey = MachinePrivateKey.Generate(new SystemRandomSource()).ExportText();
                state.NodeKey = NodePrivateKey.Generate(new SystemRandomSource()).ExportText();
                state.LoginServer = "https://coordinator.test/";
            });
            good = File.ReadAllBytes(StatePath);
        }

        string secret = StateReader.Read(StatePath).MachineKey![8..40];
        for (int i = 0; i < 500; i++)
        {
            byte[] bad = [.. good];
            bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(StatePath, i % 3 == 0 ? bad[..random.Next(bad.Length)] : bad);
            try
            {
                Open().Dispose();
            }
            catch (FaultException e)
            {
                Assert.Equal("state-file-corrupt", e.Report.Fault.Code);
                Assert.DoesNotContain(secret, e.ToString());
            }
        }
    }

    [Fact]
    public async Task Two_nodes_cannot_share_a_state_directory()
    {
        using StateStore store = Open();
        FaultException fault = await Assert.ThrowsAsync<FaultException>(
            () => TailnetNode.StartAsync(new TailnetNodeOptions { StateDirectory = directory.FullName, UdpPort = 0 }, default));
        Assert.Equal("state-in-use", fault.Report.Fault.Code);
    }

    [Fact]
    public void A_directory_that_cannot_be_used_is_told()
    {
        string file = Path.Combine(directory.FullName, "file");
        File.WriteAllText(file, "");
        Assert.Equal("state-directory-unusable", Fault(() => StateStore.Open(Path.Combine(file, "state"), TimeProvider.System).Dispose()).Report.Fault.Code);

        // A directory even root cannot write to.
        Assert.Equal("state-directory-unusable", Fault(() => StateStore.Open("/proc/self", TimeProvider.System).Dispose()).Report.Fault.Code);
    }

    [Fact]
    public void Time_stamps_never_go_back_over_a_restart_into_1970()
    {
        byte[] first = new byte[12], second = new byte[12];
        using (StateStore store = Open())
        {
            new DurableTimestamps(store, new HealthBoard(static () => { }), TimeProvider.System).Next(first, 0);
            Assert.Equal(1, store.Saves);
        }

        ManualTime in1970 = new(DateTimeOffset.FromUnixTimeSeconds(60));
        using (StateStore store = StateStore.Open(directory.FullName, in1970))
        {
            new DurableTimestamps(store, new HealthBoard(static () => { }), in1970).Next(second, 0);
            Assert.True(first.AsSpan().SequenceCompareTo(second) < 0);
            Assert.Equal("clock-behind-floor", ClockFloor.Check(store.Current, in1970.GetUtcNow())!.Fault.Code);
            Assert.True(store.Current.SavedAt > 1_700_000_000);
        }
    }

    [Fact]
    public void A_thousand_handshakes_cost_one_write()
    {
        using StateStore store = Open();
        TimestampSource stamps = new DurableTimestamps(store, new HealthBoard(static () => { }), TimeProvider.System);
        byte[] stamp = new byte[12];
        for (int i = 0; i < 1000; i++)
        {
            stamps.Next(stamp, 0);
        }

        Assert.Equal(1, store.Saves);
    }

    [Fact]
    public void The_clock_is_believed_when_it_is_not_before_what_is_certain()
    {
        Assert.Null(ClockFloor.Check(new NodeState(), ClockFloor.Release.AddDays(1)));
        Assert.NotNull(ClockFloor.Check(new NodeState(), DateTimeOffset.UnixEpoch));
        NodeState later = new() { SavedAt = ClockFloor.Release.AddYears(2).ToUnixTimeSeconds() };
        Assert.NotNull(ClockFloor.Check(later, ClockFloor.Release.AddYears(1)));
        Assert.NotNull(ClockFloor.Check(new NodeState { SavedAt = long.MaxValue }, ClockFloor.Release));
    }

    sealed class ManualTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
