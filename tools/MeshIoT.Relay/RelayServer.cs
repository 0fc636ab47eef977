using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;

namespace MeshIoT.Relay;

/// <summary>
/// One running relay: DERP over TLS with its HTTP paths, STUN, figures. Composition only; the work is done on a few loops' threads. Disposing
/// it closes every connection and returns when its threads have ended.
/// </summary>
public sealed class RelayServer : IAsyncDisposable
{
    const int Backlog = 4096, MaxLoops = 4;

    readonly RelayOptions options;
    readonly RelayContext context;
    readonly TimeProvider time;
    readonly EventLoop[] loops;
    readonly List<Acceptor> acceptors = [];
    readonly List<MeshLink> links = [];
    TlsContext? tls;
    StunPort? stun;

    RelayServer(RelayOptions options, RandomSource random, TimeProvider time, RelayLog log)
    {
        (this.options, this.time) = (options, time);
        long start = time.GetTimestamp();
        loops = [.. Enumerable.Range(0, options.Loops > 0 ? options.Loops : Math.Clamp(Environment.ProcessorCount, 1, MaxLoops))
            .Select(i => new EventLoop($"relay {i}", () => (long)time.GetElapsedTime(start).TotalMilliseconds))];
        context = new RelayContext(options.Limits, options.Key, random, options.Admission, options.MeshKey, log) { Bootstrap = options.Bootstrap, MetricsText = MetricsText };
    }

    /// <summary>Where clients come in, with the port that was found free.</summary>
    public IPEndPoint Listening { get; private set; } = new(IPAddress.None, 0);

    /// <summary>The UDP port of STUN; null when there is none.</summary>
    public int? StunPort => stun?.LocalPort;

    /// <summary>Where plain HTTP comes in; null when it does not.</summary>
    public IPEndPoint? PlainListening { get; private set; }

    /// <summary>Where the figures are; null when they are nowhere.</summary>
    public IPEndPoint? MetricsListening { get; private set; }

    /// <summary>The relay's public key.</summary>
    public NodePublicKey PublicKey => options.Key.PublicKey;

    /// <summary>How many of the region's other relays tell us of their clients.</summary>
    public int MeshLinksUp => links.Count(l => l.IsUp);

    /// <summary>Connections that have proved a key.</summary>
    public int Clients => context.Registry.Sessions;

    /// <summary>Opens the doors.</summary>
    /// <exception cref="FaultException">They cannot be had; nothing is left open.</exception>
    public static async Task<RelayServer> StartAsync(RelayOptions options, RandomSource random, TimeProvider time, RelayLog log)
    {
        // OpenSSL writes to sockets without saying MSG_NOSIGNAL.
        Libc.Signal(Libc.SigPipe, Libc.Ignore);
        RelayServer server = new(options, random, time, log);
        foreach (EventLoop loop in server.loops)
        {
            loop.Start();
        }

        try
        {
            server.Open();
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends every connection of a key at once: its node may not take part any more. Returns how many there were.</summary>
    public int Close(NodePublicKey key) => context.Registry.Close(key);

    /// <summary>The keys connected now.</summary>
    public NodePublicKey[] ConnectedKeys() => context.Registry.ConnectedKeys();

    /// <summary>The figures in the text form of Prometheus.</summary>
    public string MetricsText()
    {
        RelayCounters sum = new();
        foreach (EventLoop loop in loops)
        {
            sum.Add(loop.Counters);
        }

        return RelayMetrics.Write(sum, context, stun, MeshLinksUp);
    }

    /// <summary>Dials another relay of the region from now on.</summary>
    internal void AddMeshPeer(MeshPeer peer)
    {
        MeshLink link = new(context, peer, time);
        links.Add(link);
        link.Start();
    }

    /// <summary>Lets every loop look at the clock; returns when each has done what was due. For tests that turn the clock.</summary>
    internal async Task WakeAsync()
    {
        foreach (EventLoop loop in loops)
        {
            // What is due is looked at after what is posted: the second round finds it done.
            await OnAsync(loop, () => { }).ConfigureAwait(false);
            await OnAsync(loop, () => { }).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.Run(() => links.ForEach(l => l.Dispose())).ConfigureAwait(false);
        await OnAsync(loops[0], () =>
        {
            acceptors.ForEach(a => a.End());
            stun?.Dispose();
        }).ConfigureAwait(false);
        foreach (EventLoop loop in loops)
        {
            await OnAsync(loop, () =>
            {
                foreach (Session session in loop.Targets.OfType<Session>())
                {
                    session.CloseNow();
                }
            }).ConfigureAwait(false);
        }

        foreach (EventLoop loop in loops)
        {
            loop.Dispose();
        }

        tls?.Dispose();
    }

    void Open()
    {
        tls = new TlsContext(options.Certificate, [.. options.Chain, MetaCertificate.Make(PublicKey, time.GetUtcNow())]);
        Listening = Listen(options.Listen, tls, Door.Relay);
        PlainListening = options.PlainListen is null ? null : Listen(options.PlainListen, null, Door.Relay);
        MetricsListening = options.Metrics is null ? null : Listen(options.Metrics, null, Door.Metrics);
        if (options.Stun is not null)
        {
            StunPort port = MeshIoT.Relay.StunPort.Open(options.Stun, options.AnyPortIfTaken, loops[0], options.Limits.StunPerSecond);
            stun = port;
            loops[0].Post(port.Begin);
        }

        foreach (MeshPeer peer in options.MeshKey is null ? [] : options.MeshPeers)
        {
            AddMeshPeer(peer);
        }
    }

    IPEndPoint Listen(IPEndPoint where, TlsContext? security, Door door)
    {
        Socket socket = Bind(where);
        Acceptor acceptor = new(context, socket, loops[0], loops, security, door);
        acceptors.Add(acceptor);
        IPEndPoint got = (IPEndPoint)socket.LocalEndPoint!;
        loops[0].Post(acceptor.Begin);
        return got;
    }

    Socket Bind(IPEndPoint where)
    {
        Socket socket = new(where.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (where.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(where);
            socket.Listen(Backlog);
            socket.Blocking = false;
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            if (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                return options.AnyPortIfTaken && where.Port != 0 ? Bind(new IPEndPoint(where.Address, 0)) : throw Faults.ListenAddressInUse.With(where).ToException(e);
            }

            throw Faults.ListenFailed.With(where, e.SocketErrorCode == SocketError.AccessDenied ? "no permission" : "the system refused it").ToException(e);
        }
    }

    static Task OnAsync(EventLoop loop, Action action)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post(() =>
        {
            action();
            done.SetResult();
        });
        return done.Task;
    }
}
