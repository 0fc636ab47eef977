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
        using StateDirectory directory = StateDirectory.Take(temporary.Of("state"));
        using Database database = Database.Open(directory.DatabasePath, random);
        await using StateWriter writer = new(database);
        Between between = new();
        writer.Observe(between);
        CoordinatorLimits limits = new() { Coalesce = TimeSpan.FromMilliseconds(1) };
        CoordinatorOptions options = new() { StateDirectory = directory.Path, Listen = new IPEndPoint(IPAddress.Loopback, 0), SocketPath = "", Limits = limits };
        NodeView view = new(options.BaseDomain);
        MapHub hub = between.Hub = new(writer, new MapFrames(options, view, new PeerJson(view), TimeProvider.System), limits, TimeProvider.System);
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
