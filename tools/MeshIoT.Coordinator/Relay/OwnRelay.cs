using System;
using System.IO;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Relay;
using MeshIoT.Tailcfg;

namespace MeshIoT.Coordinator;

/// <summary>
/// The relay inside a coordinator: open to the tailnet's nodes alone, and told to them in their DERP map. A node that is deleted, expires or
/// loses its approval is put out at once.
/// </summary>
internal sealed class OwnRelay : ITailnetObserver, IAsyncDisposable
{
    readonly OwnRelayOptions options;
    readonly CoordinatorLog log;
    readonly TimeProvider time;
    readonly BootstrapDns names = new();
    readonly CancellationTokenSource stopping = new();
    Task looking = Task.CompletedTask;
    RelayIdentity identity = null!;
    RelayServer server = null!;
    bool isAnywhere;
    int number;

    OwnRelay(OwnRelayOptions options, CoordinatorLog log, TimeProvider time) => (this.options, this.log, this.time) = (options, log, time);

    /// <summary>Where clients come in.</summary>
    public IPEndPoint Listening => server.Listening;

    /// <summary>How nodes are told of it; null when no address is known that they could reach.</summary>
    public RelayRegion? Region { get; private set; }

    /// <summary>Opens its doors.</summary>
    /// <exception cref="Health.FaultException">They cannot be had.</exception>
    public static async Task<OwnRelay> StartAsync(OwnRelayOptions options, CoordinatorOptions coordinator, StateWriter state, RandomSource random, TimeProvider time, CoordinatorLog log)
    {
        OwnRelay relay = new(options, log, time);
        string? host = options.Host ?? coordinator.ServerUrl?.IdnHost ?? LoginServers.Guess(coordinator.Listen)?.IdnHost;
        host = host?.Trim('[', ']');
        string directory = Path.Combine(coordinator.StateDirectory, "relay");
        relay.identity = options.Files is { } files
            ? RelayIdentity.FromFiles(directory, files.Certificate, files.Key, random)
            : RelayIdentity.SelfSigned(directory, host ?? "localhost", random);
        try
        {
            relay.server = await RelayServer.StartAsync(relay.Complete(coordinator, state), random, time, new RelayLog(relay.Say)).ConfigureAwait(false);
        }
        catch
        {
            relay.identity.Dispose();
            throw;
        }

        relay.Region = host is null ? null : new RelayRegion(
            host, options.Code ?? RelayRegion.CodeOf(host), relay.server.Listening.Port, relay.server.StunPort, relay.identity.Pin, relay.server.PlainListening?.Port == 80);
        relay.looking = relay.names.KeepAsync([host, coordinator.ServerUrl?.IdnHost], time, relay.stopping.Token);
        state.Observe(relay);
        return relay;
    }

    /// <summary>The map that nodes are given: the regions known anyway, and this one.</summary>
    public DerpMap? AddTo(DerpMap? others)
    {
        if (Region is null)
        {
            return others;
        }

        (DerpMap map, number) = Region.AddTo(others, options.Region);
        return map;
    }

    /// <summary>Says in the log where it is, and what is odd about that. Once everything else stands.</summary>
    public void TellOfItself()
    {
        if (Region is null)
        {
            log.RelayHasNoHost();
        }
        else
        {
            log.RelayListens(Region.Code, number, Region.Host, server.Listening, Region.StunPort?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none", Region.CertName ?? "by name");
        }

        TellTaken(options.Listen, OwnRelayOptions.StandardPort, server.Listening.Port);
        TellTaken(options.Stun, OwnRelayOptions.StandardStunPort, server.StunPort);
    }

    /// <inheritdoc/>
    public void Published(TailnetEdit edit)
    {
        foreach (long id in edit.ShownNodes)
        {
            if (edit.Begun.Nodes.TryGetValue(id, out NodeRecord? before))
            {
                int closed = PutOut(edit.Current, before.NodeKey) + (before.PreviousNodeKey is { } previous ? PutOut(edit.Current, previous) : 0);
                if (closed > 0)
                {
                    log.RelayRevoked(id, closed);
                }
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await looking.ConfigureAwait(false);
        await server.DisposeAsync().ConfigureAwait(false);
        identity.Dispose();
        stopping.Dispose();
    }

    static bool MayTakePart(Tailnet tailnet, NodePublicKey key, DateTimeOffset now) =>
        tailnet.FindByNodeKey(key) is { Approved: true, Expired: false } node && !node.IsExpired(now);

    int PutOut(Tailnet tailnet, NodePublicKey key) => MayTakePart(tailnet, key, time.GetUtcNow()) ? 0 : server.Close(key);

    RelayOptions Complete(CoordinatorOptions coordinator, StateWriter state)
    {
        // A coordinator on a port of the system's choice is one of several: its relay must not want a fixed one either.
        isAnywhere = coordinator.Listen.Port == 0;
        IPEndPoint listen = options.Listen ?? new IPEndPoint(coordinator.Listen.Address, isAnywhere ? 0 : OwnRelayOptions.StandardPort);
        return new RelayOptions
        {
            Listen = listen,
            Stun = options.NoStun ? null : options.Stun ?? new IPEndPoint(listen.Address, isAnywhere ? 0 : OwnRelayOptions.StandardStunPort),
            AnyPortIfTaken = options.Listen is null && options.Stun is null,
            PlainListen = options.PlainListen,
            Metrics = options.Metrics,
            Key = identity.Key,
            Certificate = identity.Certificate,
            Chain = identity.Chain,
            Admission = new NodeList(key => MayTakePart(state.Current, key, time.GetUtcNow())),
            Bootstrap = names,
            MeshKey = options.MeshKey,
            MeshPeers = options.MeshPeers,
            Limits = options.Limits,
        };
    }

    void TellTaken(IPEndPoint? asked, int standard, int? got)
    {
        if (!isAnywhere && asked is null && got is { } port && port != standard)
        {
            log.RelayPortTaken(standard, port);
        }
    }

    void Say(bool isWarning, string line)
    {
        if (isWarning)
        {
            log.RelayWarns(line);
        }
        else
        {
            log.RelaySays(line);
        }
    }
}
