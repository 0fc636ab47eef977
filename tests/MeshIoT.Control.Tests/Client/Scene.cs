using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Tailcfg;
using Xunit;

namespace MeshIoT.Control.Tests;

/// <summary>A stand-in coordinator and a client that talks to it.</summary>
internal sealed class Scene : IAsyncDisposable
{
    public static CancellationToken Soon => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;

    public required StandIn Server { get; init; }

    public required ControlClient Client { get; init; }

    public MachinePrivateKey Machine { get; private init; } = null!;

    public NodePrivateKey NodeKey { get; } = NodePrivateKey.Generate(new SystemRandomSource());

    public Node Self => new() { ID = 1, StableID = "n1", Name = "a.tail.example.", Key = NodeKey.PublicKey, Addresses = ["100.64.0.1/32"], MachineAuthorized = true };

    public MapRequest MapRequest => new() { NodeKey = NodeKey.PublicKey, Hostinfo = new Hostinfo { OS = "linux", Hostname = "a" } };

    public RegisterRequest RegisterRequest => new() { NodeKey = NodeKey.PublicKey, Auth = new RegisterAuth { AuthKey = "SECRETKEY1234" } };

    public static async Task<Scene> OpenAsync(Func<ControlOptions, ControlOptions>? change = null)
    {
        StandIn server = await StandIn.StartAsync();
        MachinePrivateKey machine = MachinePrivateKey.Generate(new SystemRandomSource());
        ControlOptions options = OptionsFor(server.Url, machine);
        return new Scene { Server = server, Client = new ControlClient(change?.Invoke(options) ?? options), Machine = machine };
    }

    public static ControlOptions OptionsFor(Uri url, MachinePrivateKey? machine = null) => new(
        url, machine ?? MachinePrivateKey.Generate(new SystemRandomSource()), null, null, new SodiumSuite(), new SystemRandomSource());

    /// <summary>The fault a call ends with; nothing secret is in it.</summary>
    public static async Task<FaultReport> FaultOf(Task task)
    {
        FaultException e = await Assert.ThrowsAsync<FaultException>(() => task.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.DoesNotContain("SECRETKEY", e.ToString());
        Assert.NotEmpty(e.Report.Next);
        return e.Report;
    }

    public async Task<List<MapFrame>> StreamAsync(MapRequest? request = null)
    {
        List<MapFrame> frames = [];
        await Client.StreamMapAsync(request ?? MapRequest, (frame, _) => { frames.Add(frame); return default; }, Soon);
        return frames;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
    }
}
