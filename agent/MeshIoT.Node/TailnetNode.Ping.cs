using System;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Disco;
using MeshIoT.Health;
using MeshIoT.Node.Engine;

namespace MeshIoT.Node;

/// <content>Pings.</content>
public sealed partial class TailnetNode
{
    /// <summary>
    /// Sends one ICMP echo through the tunnel and waits for its reply. Throws no-such-node, ping-timed-out, not-in-tailnet.
    /// </summary>
    public Task<PingReply> PingAsync(string hostOrIp, TimeSpan timeout, CancellationToken ct) => PingAsync(hostOrIp, PingKind.Icmp, timeout, ct);

    /// <summary>
    /// Sends one ping and waits for its reply. A disco ping goes over the path in use while that is certain, otherwise over all that
    /// there may be, and the first reply counts; it makes the node look for a direct path. Throws no-such-node, ping-timed-out,
    /// not-in-tailnet, peer-without-disco.
    /// </summary>
    public async Task<PingReply> PingAsync(string hostOrIp, PingKind kind, TimeSpan timeout, CancellationToken ct)
    {
        (IPAddress address, string name) = Find(hostOrIp);
        foreach (IPAddress own in network.Self.Addresses)
        {
            if (own.Equals(address))
            {
                return new PingReply(name, address, null, TimeSpan.Zero) { Kind = kind };
            }
        }

        PingRequest ping = kind switch
        {
            PingKind.Disco => new PathRequest(address),
            PingKind.Tsmp => new TsmpRequest(address, Draw(Tsmp.CookieLength)),
            _ => new EchoRequest(address, Draw(16)),
        };
        engine.Post(ping);
        try
        {
            return Tell(name, address, kind, await ping.Done.WaitAsync(timeout, ct));
        }
        catch (TimeoutException)
        {
            throw Faults.PingTimedOut.With(hostOrIp, (int)timeout.TotalMilliseconds).ToException();
        }
        finally
        {
            ping.Settle();
        }
    }

    byte[] Draw(int length)
    {
        byte[] bytes = new byte[length];
        random.Fill(bytes, 0, length);
        return bytes;
    }

    PingReply Tell(string name, IPAddress address, PingKind kind, PingAnswer answer)
    {
        int region = 0;
        bool relayed = answer.Endpoint is { } endpoint && RelayEndpoint.TryRegion(endpoint, out region);
        IPEndPoint? direct = answer.Endpoint is null || relayed ? null : Endpoints.ToIPEndPoint(answer.Endpoint);
        return new PingReply(name, address, direct, answer.RoundTrip)
        {
            Kind = kind,
            RelayRegion = region,
            Relay = relayed ? network.RelayCode(region) : null,
            PeerApiPort = answer.PeerApiPort,
        };
    }
}
