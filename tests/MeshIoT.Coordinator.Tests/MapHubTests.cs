using System;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using Xunit;

namespace MeshIoT.Coordinator.Tests;

public sealed class MapHubTests : IDisposable
{
    readonly TemporaryDirectory temporary = new();
    readonly SeededRandom random = new(11);

    public void Dispose() => temporary.Dispose();

    // The writer shows its new tailnet first and names the change after that. A pass that happens in between belongs to the changes before:
    // it must not look as if everybody had been told of the new one.
    [Fact]
    public async Task A_change_that_is_published_while_earlier_ones_are_passed_on_reaches_its_viewers()
    {
        await using Bench bench = Bench.Of(temporary, random, new CoordinatorLimits { Coalesce = TimeSpan.FromMilliseconds(1) });
        (StateWriter writer, MapHub hub, Between between) = (bench.Writer, bench.Hub, bench.Between);
        using CancellationTokenSource stop = new();
        Task running = hub.RunAsync(stop.Token);

        NodeRecord viewer = await AddAsync(writer, "viewer");
        Pipe pipe = new();
        Task<bool> serving = hub.ServeAsync(new MapStream(viewer.Id, viewer.NodeKey, false, pipe.Writer), () => Task.CompletedTask, stop.Token);
        Reader reader = new(pipe.Reader);
        await reader.UntilAsync("viewer.");
        await AddAsync(writer, "first");
        await reader.UntilAsync("first.");

        between.IsArmed = true;
        await AddAsync(writer, "second");
        await reader.UntilAsync("second.");
        Assert.False(between.IsArmed);

        await stop.CancelAsync();
        await serving;
        await running;
    }

    // A pass compares two tailnets, and a stream may begin between them: what came before its first frame and goes after it is nothing to the pass.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_that_comes_and_changes_or_goes_within_one_pass_is_right_in_a_stream_that_began_in_between(bool goes)
    {
        await using Bench bench = Bench.Of(temporary, random, new CoordinatorLimits { Coalesce = TimeSpan.FromMilliseconds(700) });
        using CancellationTokenSource stop = new();
        Task running = bench.Hub.RunAsync(stop.Token);
        NodeRecord viewer = await AddAsync(bench.Writer, "viewer");
        while (bench.Hub.PassedOn < bench.Writer.Current.Revision)
        {
            await Task.Delay(1);
        }

        NodeRecord guest = await AddAsync(bench.Writer, "guest");
        Pipe pipe = new();
        Task<bool> serving = bench.Hub.ServeAsync(new MapStream(viewer.Id, viewer.NodeKey, false, pipe.Writer), () => Task.CompletedTask, stop.Token);
        Reader reader = new(pipe.Reader);
        await reader.UntilAsync("guest.");
        Assert.True(bench.Hub.PassedOn < bench.Writer.Current.Revision, "the pass was not to have happened yet");
        await bench.Writer.ChangeAsync(edit => goes ? Remove(edit, guest) : edit.Put(guest with { Online = true }, Show.Peers));
        await reader.UntilAsync(goes ? "\"PeersRemoved\":[2]" : "\"PeersChangedPatch\":[");

        await stop.CancelAsync();
        await serving;
        await running;
    }

    static NodeRecord Remove(TailnetEdit edit, NodeRecord node)
    {
        edit.Remove(node);
        return node;
    }

    Task<NodeRecord> AddAsync(StateWriter writer, string label)
    {
        (MachinePublicKey machine, NodePublicKey nodeKey) = (MachinePrivateKey.Generate(random).PublicKey, NodePrivateKey.Generate(random).PublicKey);
        return writer.ChangeAsync(edit =>
        {
            (long id, long address) = edit.NewNode();
            return edit.Put(
                new NodeRecord { Id = id, Machine = machine, NodeKey = nodeKey, AddressIndex = address, Label = label, Version = 130, Created = DateTimeOffset.UnixEpoch },
                Show.Everybody);
        });
    }

    /// <summary>A hub over a registry of its own, and one who hears of changes before it.</summary>
    sealed class Bench(StateDirectory directory, Database database, StateWriter writer, MapHub hub, Between between) : IAsyncDisposable
    {
        public StateWriter Writer => writer;

        public MapHub Hub => hub;

        public Between Between => between;

        public static Bench Of(TemporaryDirectory temporary, SeededRandom random, CoordinatorLimits limits)
        {
            StateDirectory directory = StateDirectory.Take(temporary.Of("state"));
            Database database = Database.Open(directory.DatabasePath, random);
            StateWriter writer = new(database);
            Between between = new();
            writer.Observe(between);
            CoordinatorOptions options = new() { StateDirectory = directory.Path, Listen = new IPEndPoint(IPAddress.Loopback, 0), SocketPath = "", Limits = limits };
            NodeView view = new(options.BaseDomain);
            MapHub hub = between.Hub = new(writer, new MapFrames(options, view, new PeerJson(view), TimeProvider.System), limits, TimeProvider.System);
            return new Bench(directory, database, writer, hub, between);
        }

        public async ValueTask DisposeAsync()
        {
            await writer.DisposeAsync();
            database.Dispose();
            directory.Dispose();
        }
    }

    /// <summary>Hears of a change before the hub does, and has the hub make a pass for the change before it.</summary>
    sealed class Between : ITailnetObserver
    {
        TailnetEdit? last;

        public MapHub? Hub { get; set; }

        public bool IsArmed { get; set; }

        public void Published(TailnetEdit edit)
        {
            if (IsArmed)
            {
                IsArmed = false;
                Hub!.Published(last!);
                SpinWait.SpinUntil(() => Hub.PassedOn >= edit.Current.Revision, TimeSpan.FromMilliseconds(300));
            }

            last = edit;
        }
    }

    /// <summary>What a stream has sent.</summary>
    sealed class Reader(PipeReader input)
    {
        readonly StringBuilder text = new();

        public async Task UntilAsync(string part)
        {
            using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
            while (!text.ToString().Contains(part, StringComparison.Ordinal))
            {
                ReadResult read = await input.ReadAsync(limit.Token);
                foreach (ReadOnlyMemory<byte> piece in read.Buffer)
                {
                    text.Append(Encoding.Latin1.GetString(piece.Span));
                }

                input.AdvanceTo(read.Buffer.End);
            }
        }
    }
}
