using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using MeshIoT.Tests;
using Xunit;

namespace MeshIoT.Node.Tests;

/// <summary>A flash card wears by each write: a node to which nothing happens writes nothing. tests/budget/lean.sh has the same with real time and the program.</summary>
public class IdleHourTests
{
    static readonly TimeSpan Step = TimeSpan.FromSeconds(10), Hour = TimeSpan.FromHours(1);

    // A write goes to a new file that is renamed, so the times of the folder change with it, whatever the content.
    static string[] State(TestNodes nodes, string name)
    {
        DirectoryInfo folder = new(Path.Combine(nodes.Directory.FullName, name));
        return [.. folder.EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Append(folder)
            .Select(static entry => $"{entry.FullName} {entry.LastWriteTimeUtc:O} {(entry as FileInfo)?.Length}").Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task An_hour_in_which_nothing_happens_writes_nothing()
    {
        ManualTime time = new();
        await using TestNodes nodes = new() { Clock = time };
        (TailnetNode gateway, TailnetNode reader) = await nodes.JoinTwoAsync();
        await nodes.WaitAsync(reader, static status => status.Peers.Count == 1);

        // What joining leaves to be written is written a while later: the netmap, for one.
        for (TimeSpan past = TimeSpan.Zero; past < TimeSpan.FromMinutes(10); past += Step)
        {
            time.Advance(Step);
            await Task.Delay(2, nodes.Limit);
        }

        string[] before = State(nodes, "gateway");
        Assert.Contains(before, static file => file.Contains("state", StringComparison.Ordinal));
        for (TimeSpan past = TimeSpan.Zero; past < Hour; past += Step)
        {
            time.Advance(Step);
            await Task.Delay(2, nodes.Limit);
        }

        Assert.Equal(before, State(nodes, "gateway"));
        Assert.Equal(BackendState.Running, gateway.Status.BackendState);
    }
}
