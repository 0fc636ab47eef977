using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Tailcfg;

namespace MeshIoT.Coordinator.Tests;

/// <summary>A machine with its keys and one connection.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    readonly TestCoordinator coordinator;
    readonly string hostname;
    readonly DiscoPublicKey disco = DiscoPrivateKey.Generate(new SystemRandomSource()).PublicKey;

    public TestNode(TestCoordinator coordinator, string hostname)
    {
        (this.coordinator, this.hostname) = (coordinator, hostname);
        Client = Connect();
    }

    public MachinePrivateKey Machine { get; } = MachinePrivateKey.Generate(new SystemRandomSource());

    public NodePublicKey NodeKey { get; set; } = NodePrivateKey.Generate(new SystemRandomSource()).PublicKey;

    public WireClient Client { get; private set; }

    public ValueTask DisposeAsync() => Client.DisposeAsync();

    /// <summary>A further connection of the same machine.</summary>
    public WireClient Connect() => new(coordinator.Listening, coordinator.ServerKey, Machine);

    public async Task ReconnectAsync()
    {
        await Client.DisposeAsync();
        Client = Connect();
    }

    public Task<RegisterResponse> RegisterAsync(string? authKey = null, DateTimeOffset? expiry = null) => Client.RegisterAsync(new RegisterRequest
    {
        Version = 130,
        NodeKey = NodeKey,
        Auth = authKey is null ? null : new RegisterAuth { AuthKey = authKey },
        Expiry = expiry,
        Hostinfo = Hostinfo(),
    });

    public Task<MapReader> OpenMapAsync(bool zstd = false, WireClient? client = null) => (client ?? Client).OpenMapAsync(new MapRequest
    {
        Version = 130, NodeKey = NodeKey, DiscoKey = disco, Stream = true, KeepAlive = true, Hostinfo = Hostinfo(), Compress = zstd ? "zstd" : null,
    });

    public Task<(int Status, string Text)> UpdateAsync(IReadOnlyList<string> endpoints, NodePublicKey? nodeKey = null) => Client.UpdateAsync(new MapRequest
    {
        Version = 130, NodeKey = nodeKey ?? NodeKey, DiscoKey = disco, OmitPeers = true, Endpoints = endpoints, Hostinfo = Hostinfo(),
    });

    Hostinfo Hostinfo() => new() { Hostname = hostname, OS = "linux", IPNVersion = "0.1.0" };
}
