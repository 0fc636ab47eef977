using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace MeshIoT.Node.Tests;

/// <summary>Nodes in userspace mode over real UDP on loopback, joined by a <see cref="FakeTailnet"/>; a test ends within a minute.</summary>
sealed class TestNodes : IAsyncDisposable
{
    readonly List<TailnetNode> open = [];
    readonly CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));

    public FakeTailnet Tailnet { get; } = new();

    /// <summary>The nodes' wall clock; a test that moves it sets it before it starts them.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public DirectoryInfo Directory { get; } = System.IO.Directory.CreateTempSubdirectory("meshiot-node-");

    public CancellationToken Limit => limit.Token;

    public TailnetNodeOptions OptionsFor(string name, int port = 0) => new()
    {
        StateDirectory = Path.Combine(Directory.FullName, name),
        LoginServer = new Uri("http://coordinator.test"),
        Hostname = name,
        UdpBind = IPAddress.Loopback,
        UdpPort = port,
        OpenCoordinator = Tailnet.Open,
        Clock = Clock,
    };

    /// <summary>Starts a node from what is in its state directory.</summary>
    public async Task<TailnetNode> StartAsync(string name, int port = 0)
    {
        TailnetNode node = await TailnetNode.StartAsync(OptionsFor(name, port), Limit);
        open.Add(node);
        return node;
    }

    /// <summary>Starts a node and joins it.</summary>
    public async Task<TailnetNode> JoinAsync(string name, int port = 0)
    {
        TailnetNode node = await StartAsync(name, port);
        await node.UpAsync(new UpRequest { AuthKey = FakeTailnet.GoodKey }, Limit);
        return node;
    }

    /// <summary>Two nodes that know each other.</summary>
    public async Task<(TailnetNode Gateway, TailnetNode Reader)> JoinTwoAsync()
    {
        TailnetNode gateway = await JoinAsync("gateway"), reader = await JoinAsync("reader");
        await WaitAsync(gateway, static status => status.Peers.Count == 1);
        return (gateway, reader);
    }

    /// <summary>Starts a node as the test wants it.</summary>
    public async Task<TailnetNode> StartAsync(TailnetNodeOptions options)
    {
        TailnetNode node = await TailnetNode.StartAsync(options, Limit);
        open.Add(node);
        return node;
    }

    /// <summary>Moves the manual clock on, a step at a time, until the node's status is as wished.</summary>
    public async Task AdvanceUntilAsync(MeshIoT.Tests.ManualTime time, TimeSpan step, TailnetNode node, Predicate<NodeStatus> wished)
    {
        while (!wished(node.Status))
        {
            time.Advance(step);

            // What the clock set off runs on other threads; the next step is not before they had a moment.
            await Task.Delay(5, Limit);
        }
    }

    /// <summary>Waits for something no status tells of.</summary>
    public async Task EventuallyAsync(Func<bool> wished)
    {
        while (!wished())
        {
            await Task.Delay(5, Limit);
        }
    }

    public async Task StopAsync(TailnetNode node)
    {
        open.Remove(node);
        await node.DisposeAsync();
    }

    /// <summary>Waits, woken by the node's own event, until its status is as wished.</summary>
    public async Task WaitAsync(TailnetNode node, Predicate<NodeStatus> wished)
    {
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (wished(node.Status))
            {
                reached.TrySetResult();
            }
        }

        node.StatusChanged += Look;
        Look();
        try
        {
            await reached.Task.WaitAsync(Limit);
        }
        catch (OperationCanceledException)
        {
            NodeStatus status = node.Status;
            Assert.Fail($"still {status.BackendState}, {status.Peers.Count} peers, {string.Join("; ", status.Health)}");
        }
        finally
        {
            node.StatusChanged -= Look;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (TailnetNode node in open)
        {
            await node.DisposeAsync();
        }

        Directory.Delete(recursive: true);
        limit.Dispose();
    }
}
