using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Provisioning;
using MeshIoT.Tailcfg;
using Xunit;

namespace MeshIoT.Coordinator.Tests;

/// <summary>A real coordinator in this process, on a loopback port, with its state in a directory that survives <see cref="RestartAsync"/>.</summary>
internal sealed class TestCoordinator : IAsyncDisposable
{
    readonly TemporaryDirectory temporary = new();
    readonly StringWriter log = new();
    CoordinatorOptions options;
    CoordinatorServer server = null!;

    TestCoordinator(CoordinatorLimits limits) => options = new CoordinatorOptions
    {
        StateDirectory = temporary.Of("state"),
        SocketPath = temporary.Of("coordinator.sock"),
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        BaseDomain = "tail.example",
        Limits = limits,
    };

    public IPEndPoint Listening => server.Listening;

    public MachinePublicKey ServerKey => server.Identity.ServerKey;

    public Tailnet Tailnet => server.State.Current;

    public StateWriter State => server.State;

    public string SocketPath => options.SocketPath;

    public string Log
    {
        get
        {
            lock (log)
            {
                return log.ToString();
            }
        }
    }

    public static readonly CoordinatorLimits Quick = new() { OfflineGrace = TimeSpan.FromMilliseconds(300), Coalesce = TimeSpan.FromMilliseconds(5) };

    public static async Task<TestCoordinator> StartAsync(CoordinatorLimits? limits = null, TlsIdentity? tls = null, OwnRelayOptions? relay = null)
    {
        TestCoordinator coordinator = new(limits ?? Quick);
        coordinator.options = coordinator.options with { Tls = tls, Relay = relay };
        await coordinator.StartServerAsync();
        return coordinator;
    }

    public async Task RestartAsync()
    {
        await server.DisposeAsync();
        options = options with { Listen = Listening };
        await StartServerAsync();
    }

    public UnixHttpClient Admin() => new(SocketPath, () => Faults.StateBusy.With("the admin socket does not answer"));

    public async Task<string> CreateKeyAsync(bool reusable = false, long? expirySeconds = null, IReadOnlyList<string>? tags = null, bool ephemeral = false)
    {
        using UnixHttpClient admin = Admin();
        KeyDto key = await admin.PostAsync("api/v1/keys", new CreateKeyDto { Reusable = reusable, ExpirySeconds = expirySeconds, Tags = tags, Ephemeral = ephemeral },
            AdminJson.Default.CreateKeyDto, AdminJson.Default.KeyDto, CancellationToken.None);
        return key.Key!;
    }

    public MapHub Hub => server.Hub;

    public PendingLogins Logins => server.Logins;

    /// <summary>A reusable key for <paramref name="user"/>'s nodes, or for tagged ones.</summary>
    public async Task<string> KeyForAsync(long user, ImmutableArray<string> tags = default, bool preapproved = true, bool ephemeral = false)
    {
        Claim claim = Claim.Generate(new SystemRandomSource());
        AuthKeyRequest request = new(true, ephemeral, TimeSpan.FromHours(1), tags.IsDefault ? [] : tags, "") { UserId = user, Preapproved = preapproved };
        await State.ChangeAsync(edit => request.Create(edit, claim, DateTimeOffset.UtcNow));
        return claim.ExportText();
    }

    /// <summary>A further user.</summary>
    public Task<UserRecord> NewUserAsync(string login) => State.ChangeAsync(edit =>
    {
        UserRecord user = new(edit.NewUserId(), login, login, UserRole.Member, DateTimeOffset.UtcNow);
        edit.Put(user);
        return user;
    });

    /// <summary>Changes a node as an administrator would.</summary>
    public Task<NodeRecord> ChangeNodeAsync(long id, Func<NodeRecord, NodeRecord> change) => State.ChangeAsync(edit => edit.Put(change(edit.Current.Nodes[id]), Show.Everybody));

    /// <summary>Puts a policy in force that must be good.</summary>
    public async Task SetPolicyAsync(string text)
    {
        PolicyOutcome outcome = await PolicyChange.SetAsync(State, text, "test");
        Assert.True(outcome.IsGood, string.Join('\n', outcome.Errors));
    }

    /// <summary>The audit log, newest first.</summary>
    public IReadOnlyList<AuditEntry> Audit() => server.ReadAudit(0, 1000);

    public TestNode NewNode(string hostname) => new(this, hostname);

    public async Task<TestNode> JoinAsync(string hostname, string? key = null)
    {
        TestNode node = NewNode(hostname);
        RegisterResponse response = await node.RegisterAsync(key ?? await CreateKeyAsync());
        Assert.Equal("", response.Error);
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        temporary.Dispose();
        Assert.DoesNotContain(" error ", Log);
    }

    async Task StartServerAsync() => server = await CoordinatorServer.StartAsync(options, new SystemRandomSource(), TimeProvider.System, new StderrLogger(log, TimeProvider.System));
}
