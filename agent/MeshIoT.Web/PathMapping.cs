using System;
using System.Net;
using MeshIoT.LocalApi;
using MeshIoT.Node;

namespace MeshIoT.Web;

/// <summary>Pings and paths in the LocalAPI's wire form.</summary>
public static class PathMapping
{
    /// <summary>The answer to a ping.</summary>
    public static PingReplyDto ToDto(PingReply reply)
    {
        bool isSelf = reply.Endpoint is null && reply.Relay is null && reply.RoundTrip == TimeSpan.Zero;
        string path = isSelf ? "local" : PathOf(reply.Endpoint, reply.Relay);
        return new PingReplyDto(
            reply.Name, reply.Address.ToString(), path, reply.Endpoint?.ToString(), Math.Round(reply.RoundTrip.TotalMilliseconds, 3))
        {
            Kind = reply.Kind switch { PingKind.Disco => "disco", PingKind.Tsmp => "tsmp", _ => "icmp" },
            Relay = reply.Relay,
            RelayRegion = reply.Relay is null ? null : reply.RelayRegion,
            PeerApiPort = reply.PeerApiPort == 0 ? null : reply.PeerApiPort,
        };
    }

    /// <summary>"direct", "relay" or "-".</summary>
    public static string PathOf(IPEndPoint? endpoint, string? relay) => endpoint is not null ? "direct" : relay is not null ? "relay" : "-";
}
