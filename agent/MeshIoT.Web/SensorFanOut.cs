using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Node;
using MeshIoT.Web.Http;
using MeshIoT.Web.Resources;

namespace MeshIoT.Web;

/// <summary>
/// Reads the sensors of other gateways through the tunnel, several at a time, and of this one directly. A gateway is a peer
/// that answers HTTP on port 80 of its tailnet address.
/// </summary>
public sealed partial class SensorFanOut : IDisposable
{
    /// <summary>Port of the gateway interface on a tailnet address.</summary>
    public const int GatewayPort = 80;

    /// <summary>How long one gateway may take, a handshake included.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    const int AtOnce = 16;
    const int MaxAnswerBytes = 1 << 20;

    readonly TailnetNode node;
    readonly GatewayApi local;
    readonly HttpClient http;

    /// <summary>Reads by way of <paramref name="node"/>; <paramref name="local"/> has this machine's own sensors.</summary>
    public SensorFanOut(TailnetNode node, GatewayApi local)
    {
        (this.node, this.local) = (node, local);
        http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            MaxConnectionsPerServer = 4,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(25),
            ConnectCallback = async (context, ct) =>
                await node.DialAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, ct).ConfigureAwait(false),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxAnswerBytes,
        };
    }

    /// <summary>Adds what the local socket offers of it: the sensors of the tailnet, and questions passed on to one gateway.</summary>
    public void AddTo(AgentApi agent)
    {
        agent.Add("GET", "/localapi/v0/sensors", async (request, ct) => HttpResponse.Json(
            await ReadAsync(request.Query.GetValueOrDefault("gateway"), request.Query.GetValueOrDefault("recent"), ct).ConfigureAwait(false), GatewayJson.Default.SensorsDto));
        agent.Add("GET", PassPrefix, PassAsync);
    }

    /// <summary>Asks one gateway, or (null) this node and every peer that is online.</summary>
    /// <param name="gateway">Name or address of the gateway.</param>
    /// <param name="recent">Over which time each sensor's past is told too, such as "24h"; null: not at all. Gateways that know nothing of it leave it out.</param>
    /// <param name="ct">Gives up on all.</param>
    /// <exception cref="FaultException">The node does not run, or no node has that name.</exception>
    public async Task<SensorsDto> ReadAsync(string? gateway, string? recent, CancellationToken ct)
    {
        TimeSpan? span = recent is null ? null : SensorResource.RecentOf(recent);
        NodeStatus status = node.Status;
        if (gateway is not null && IsSelf(status, gateway))
        {
            return new SensorsDto([Local(status, span)]);
        }

        if (status.BackendState != BackendState.Running)
        {
            throw Faults.NodeNotRunning.With(status.BackendState).ToException();
        }

        if (gateway is not null)
        {
            PeerStatus named = status.Peers.FirstOrDefault(p => Matches(p, gateway))
                ?? throw Faults.NoSuchNode.With(gateway.Length <= 80 ? gateway : gateway[..80]).ToException();
            return new SensorsDto([await AskAsync(named, recent, ct).ConfigureAwait(false)]);
        }

        using SemaphoreSlim slots = new(AtOnce);
        GatewaySensorsDto[] answers = await Task.WhenAll(status.Peers.Where(p => p.Online ?? true).Select(async p =>
        {
            await slots.WaitAsync(ct).ConfigureAwait(false);
            try
            {
                return await AskAsync(p, recent, ct).ConfigureAwait(false);
            }
            finally
            {
                slots.Release();
            }
        })).ConfigureAwait(false);
        return new SensorsDto([Local(status, span), .. answers.Where(a => a.Error?.Code != Faults.NotAGateway.Code)]);
    }

    GatewaySensorsDto Local(NodeStatus status, TimeSpan? recent)
    {
        SensorListDto list = local.List(recent);
        return new()
        {
            Gateway = list.Gateway,
            Address = status.Self.Addresses.Count > 0 ? status.Self.Addresses[0].ToString() : "-",
            Path = "local",
            Sensors = list.Sensors,
        };
    }

    async Task<GatewaySensorsDto> AskAsync(PeerStatus peer, string? recent, CancellationToken ct)
    {
        string name = StatusMapping.ToDto(peer).HostName, address = peer.Addresses.Count > 0 ? peer.Addresses[0].ToString() : "-";
        (IReadOnlyList<SensorDto> sensors, FaultReport? error) = await FetchAsync(name, address, recent, ct).ConfigureAwait(false);

        // The counters after the answer: they are the evidence of the way it took.
        NodeDto now = StatusMapping.ToDto(node.Status.Peers.FirstOrDefault(p => p.NodeKey == peer.NodeKey) ?? peer);
        return new()
        {
            Gateway = name,
            Address = address,
            Path = now.Path,
            Endpoint = now.Endpoint,
            Relay = now.Relay,
            RxBytes = now.RxBytes,
            TxBytes = now.TxBytes,
            Sensors = sensors,
            Error = error is null ? null : StatusMapping.ToDto(error),
        };
    }

    async Task<(IReadOnlyList<SensorDto> Sensors, FaultReport? Error)> FetchAsync(string name, string address, string? recent, CancellationToken ct)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            byte[] body = await http.GetByteArrayAsync(AddressOf(address, "/api/v1/sensors" + (recent is null ? "" : "?recent=" + recent)), limit.Token).ConfigureAwait(false);
            return (JsonSerializer.Deserialize(body, GatewayJson.Default.SensorListDto)?.Sensors ?? [], null);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return ([], Faults.GatewaySilent.With(name, $"nothing came within {Patience.TotalSeconds:0} s"));
        }
        catch (Exception e) when (IsRefusal(e))
        {
            return ([], Faults.NotAGateway.With(name));
        }
        catch (FaultException e)
        {
            return ([], e.Report);
        }
        catch (JsonException)
        {
            return ([], Faults.NotAGateway.With(name));
        }
        catch (HttpRequestException e)
        {
            return ([], e.StatusCode is { } code
                ? Faults.NotAGateway.With(name)
                : Faults.GatewaySilent.With(name, (e.InnerException as FaultException)?.Report.Message ?? e.HttpRequestError.ToString()));
        }
        catch (IOException)
        {
            return ([], Faults.GatewaySilent.With(name, "the connection broke"));
        }
    }

    static Uri AddressOf(string address, string path) =>
        new($"http://{(address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address)}:{GatewayPort}{path}");

    static bool IsRefusal(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
        {
            if (e is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
            {
                return true;
            }
        }

        return false;
    }

    static bool IsSelf(NodeStatus status, string name) =>
        NamesMatch(status.Self.Name, name) || string.Equals(status.Self.HostName, name, StringComparison.OrdinalIgnoreCase) && status.Self.Name.Length == 0
        || status.Self.Addresses.Any(a => a.ToString() == name);

    static bool Matches(PeerStatus p, string name) => NamesMatch(p.Name, name) || p.Addresses.Any(a => a.ToString() == name);

    static bool NamesMatch(string full, string typed)
    {
        typed = typed.TrimEnd('.');
        return full.Length > 0 && (string.Equals(full, typed, StringComparison.OrdinalIgnoreCase)
            || (!typed.Contains('.', StringComparison.Ordinal) && full.StartsWith(typed + ".", StringComparison.OrdinalIgnoreCase)));
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();
}
