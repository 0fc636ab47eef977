using System;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Alerts;
using MeshIoT.Control;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Tailcfg;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MeshIoT.Coordinator;

/// <summary>
/// One running coordinator: its state, and one HTTP server with three doors (the network, inside Noise, the admin socket).
/// Composition only. Disposing it ends the streams, finishes what was begun, and gives the state directory back.
/// </summary>
internal sealed class CoordinatorServer : IAsyncDisposable
{
    // The most that Linux takes unless told otherwise (net.core.somaxconn).
    const int ListenBacklog = 4096;

    static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    readonly StateDirectory directory;
    readonly Database database;
    readonly CancellationTokenSource stopping = new();
    readonly CoordinatorLog log;
    readonly TimeProvider clock;
    readonly NoiseListenerFactory noise = new();
    WebApplication? app;
    OwnRelay? relay;
    AlertDesk? alerts;
    Task housekeeping = Task.CompletedTask;

    CoordinatorServer(StateDirectory directory, Database database, CoordinatorLog log, TimeProvider clock)
    {
        (this.directory, this.database, this.log, this.clock) = (directory, database, log, clock);
        State = new StateWriter(database, clock);
        Identity = null!;
    }

    public StateWriter State { get; }

    public ServerIdentity Identity { get; private set; }

    /// <summary>Who waits for a person.</summary>
    public PendingLogins Logins { get; private set; } = null!;

    /// <summary>The map streams.</summary>
    public MapHub Hub { get; private set; } = null!;

    /// <summary>The address listened on, with the port that was found free.</summary>
    public IPEndPoint Listening { get; private set; } = new(IPAddress.None, 0);

    /// <summary>The latest entries of the audit log before <paramref name="before"/> (0: from the end), newest first.</summary>
    public System.Collections.Generic.IReadOnlyList<AuditEntry> ReadAudit(long before, int limit) => database.ReadAudit(before, limit);

    /// <summary>Opens the state and the doors.</summary>
    /// <exception cref="FaultException">State or addresses cannot be had; nothing is left open.</exception>
    public static async Task<CoordinatorServer> StartAsync(CoordinatorOptions options, RandomSource random, TimeProvider time, ILoggerProvider logger)
    {
        CoordinatorLog log = new(logger.CreateLogger("MeshIoT.Coordinator"));
        StateDirectory directory = StateDirectory.Take(options.StateDirectory);
        CoordinatorServer? server = null;
        try
        {
            if (directory.IsOpenToOthers)
            {
                log.StateOpenToOthers(directory.Path);
            }

            server = new CoordinatorServer(directory, Database.Open(directory.DatabasePath, random), log, time);
            await server.OpenDoorsAsync(options, random, time, logger).ConfigureAwait(false);
            return server;
        }
        catch
        {
            if (server is null)
            {
                directory.Dispose();
            }
            else
            {
                await server.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        if (app is not null)
        {
            using CancellationTokenSource patience = new(StopPatience);
            await app.StopAsync(patience.Token).ConfigureAwait(false);
            await app.DisposeAsync().ConfigureAwait(false);
        }

        if (relay is not null)
        {
            await relay.DisposeAsync().ConfigureAwait(false);
        }

        await housekeeping.ConfigureAwait(false);
        if (alerts is not null)
        {
            await alerts.DisposeAsync().ConfigureAwait(false);
        }

        await NoteLastSeenAsync().ConfigureAwait(false);
        await State.DisposeAsync().ConfigureAwait(false);
        database.Dispose();
        directory.Dispose();
        stopping.Dispose();
    }

    // Who is online now was last seen now; nobody else will write it down.
    async Task NoteLastSeenAsync()
    {
        DateTimeOffset now = clock.GetUtcNow();
        try
        {
            await State.ChangeAsync(edit =>
            {
                foreach (NodeRecord node in edit.Current.Nodes.Values.Where(n => n.Online).ToList())
                {
                    edit.Put(node with { LastSeen = now }, Show.Nobody);
                }

                return true;
            }).ConfigureAwait(false);
        }
        catch (FaultException e)
        {
            log.Fault(e.Report);
        }
    }

    async Task OpenDoorsAsync(CoordinatorOptions options, RandomSource random, TimeProvider time, ILoggerProvider logger)
    {
        CoordinatorLimits limits = options.Limits;
        MachinePublicKey serverKey = database.NoiseKey.PublicKey;
        Identity = new ServerIdentity(serverKey, options.BaseDomain);
        if (options.Relay is { } own)
        {
            // Before anybody is told of it.
            relay = await OwnRelay.StartAsync(own, options, State, random, time, log).ConfigureAwait(false);
            options = options with { DerpMap = relay.AddTo(options.DerpMap) };
        }

        NodeView view = new(options.BaseDomain);
        PeerJson peers = new(view);
        MapFrames frames = new(options, view, peers, time);
        Hub = new MapHub(State, frames, limits, time);
        Logins = new PendingLogins(State, limits, random, time);
        RefusalLedger refused = new(State, time);
        Presence presence = new(State, limits, time, log, stopping.Token);
        Ts2021Acceptor acceptor = new(new SodiumSuite(), random, database.NoiseKey);
        (AdminApi administration, LoginEndpoint login) = Administration.Create(new AdminContext(State, Identity, limits, random, time, log), Logins, database.ReadAudit);
        Ts2021Endpoint ts2021 = new(acceptor, noise, new HandshakeLine(limits, time), log);
        Router router = new(
            new OverTlsPublicKeyResponse { PublicKey = serverKey },
            ts2021,
            new RegisterEndpoint(State, view, Logins, refused, () => Identity.LoginServer, limits, time, log, stopping.Token),
            new MapEndpoint(State, frames, Hub, presence, limits, log, stopping.Token),
            administration,
            login,
            log);

        // Before the doors: what the first to come in change must reach the others.
        housekeeping = Task.WhenAll(
            Hub.RunAsync(stopping.Token),
            new Housekeeping(State, peers, refused, limits, time, log).RunAsync(stopping.Token),
            new MemoryTrim(time).RunAsync(stopping.Token));
        if (options.Alerts is { } told)
        {
            alerts = await told.StartAsync(directory.Path, State, time, log).ConfigureAwait(false);
        }

        ListenOptions? outer = null;
        app = Build(options, logger, new UpgradeDoor(ts2021, limits.HeadTimeout), o => outer = o);
        app.Run(router.HandleAsync);
        await app.StartAsync().ConfigureAwait(false);
        relay?.TellOfItself();
        Listening = outer!.IPEndPoint!;
        Identity.LoginServer = options.ServerUrl ?? LoginServers.Guess(Listening);
        if (Identity.LoginServer is { } url && url.Scheme == "http" && !ServerIdentity.IsWhatCodeMeans(url))
        {
            log.PlainHttpToPublicName(url.Host);
        }
    }

    WebApplication Build(CoordinatorOptions options, ILoggerProvider logger, UpgradeDoor upgrades, Action<ListenOptions> rememberOuter)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddProvider(logger);
        builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
        builder.Services.Configure<SocketTransportOptions>(o =>
        {
            o.CreateBoundListenSocket = BoundSockets.Bind;

            // A whole fleet knocks at once after a restart; whom the queue cannot hold knocks again a second later.
            o.Backlog = ListenBacklog;
        });
        IWebHostBuilder server = builder.WebHost.UseKestrelCore();
        if (options.Tls is not null)
        {
            server.UseKestrelHttpsConfiguration();
        }

        server.ConfigureKestrel(kestrel =>
        {
            SetLimits(kestrel, options.Limits);
            kestrel.Listen(options.Listen, o =>
            {
                rememberOuter(o);
                Mark(o, ListenerKind.Outer, HttpProtocols.Http1);
                o.Use(new ConnectionGate(options.Limits, log).Guard);
                if (options.Tls is { } tls)
                {
                    o.UseHttps(tls.Configure);
                }

                // Inside TLS, where there is TLS: it reads what the node has written.
                o.Use(upgrades.Guard);
            });
            kestrel.Listen(new NoiseEndPoint(), o => Mark(o, ListenerKind.Noise, HttpProtocols.Http2));
            kestrel.ListenUnixSocket(options.SocketPath, o => Mark(o, ListenerKind.Admin, HttpProtocols.Http1));
        });
        builder.Services.AddSingleton<IConnectionListenerFactory>(noise);
        return builder.Build();
    }

    static void Mark(ListenOptions options, ListenerKind kind, HttpProtocols protocols)
    {
        Listener listener = new(kind);
        options.Protocols = protocols;
        options.Use(next => connection =>
        {
            connection.Features.Set(listener);
            return next(connection);
        });
    }

    static void SetLimits(KestrelServerOptions kestrel, CoordinatorLimits limits)
    {
        kestrel.AddServerHeader = false;

        // Clients name the scheme https inside Noise, where there is no TLS.
        kestrel.AllowAlternateSchemes = true;
        kestrel.Limits.MaxRequestBodySize = limits.MaxBodyBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 50;
        kestrel.Limits.RequestHeadersTimeout = limits.HeadTimeout;

        // Long polls are slow by nature; each endpoint sets its own times for body and frame.
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.Http2.MaxStreamsPerConnection = 100;
        kestrel.Limits.Http2.InitialConnectionWindowSize = 256 * 1024;
        kestrel.Limits.Http2.InitialStreamWindowSize = 128 * 1024;
    }

    /// <summary>Signals are the program's business, not the HTTP server's.</summary>
    sealed class SilentLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
