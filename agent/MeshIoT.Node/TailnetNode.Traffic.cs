using System.Collections.Generic;
using MeshIoT.Linux;
using MeshIoT.Node.Engine;
using MeshIoT.WireGuard;

namespace MeshIoT.Node;

/// <content>What was sent and received, and what was let go and why.</content>
public sealed partial class TailnetNode
{
    readonly UdpPort port;

    /// <summary>What was sent and received since the node started; each number is whole by itself.</summary>
    public NodeTraffic Traffic => new(
        [engine.Traffic.Of(PathTrafficKind.DirectIPv4), engine.Traffic.Of(PathTrafficKind.DirectIPv6), engine.Traffic.Of(PathTrafficKind.Relay)],
        [.. InboundDrops(), .. OutboundDrops()],
        [.. OffloadStates()]);

    IEnumerable<OffloadState> OffloadStates()
    {
        Offloads used = port.Offloads | (tunnel?.Offloads ?? Offloads.None);
        foreach ((string name, Offloads offload) in OffloadNames.All)
        {
            yield return new(name, (used & offload) != 0);
        }
    }

    IEnumerable<PacketDrops> InboundDrops()
    {
        yield return new(true, "acl", engine.FilterDrops);
        yield return new(true, "early", engine.EarlyDrops);
        yield return new(true, "stranger", engine.StrangerDrops);
        yield return new(true, "false_relay", engine.FalseRelayDrops);
        yield return new(true, "oversize", port.OversizeDrops + engine.OversizeDrops);
        yield return new(true, "malformed", engine.DropsOf(DeviceFault.WrongLength, DeviceFault.UnknownType, DeviceFault.MalformedInner));
        yield return new(true, "handshake_mac", engine.DropsOf(DeviceFault.BadMac1));
        yield return new(true, "handshake_load", engine.DropsOf(DeviceFault.CookieRequired, DeviceFault.RateLimited, DeviceFault.InitiationFlood));
        yield return new(true, "handshake_forged", engine.DropsOf(
            DeviceFault.InvalidPublicKey, DeviceFault.ForgedInitiation, DeviceFault.ForgedResponse, DeviceFault.ForgedCookie));
        yield return new(true, "handshake_replayed", engine.DropsOf(DeviceFault.StaleTimestamp));
        yield return new(true, "unknown_peer", engine.DropsOf(DeviceFault.UnknownPeer, DeviceFault.NotNamedSender));
        yield return new(true, "no_session", engine.DropsOf(DeviceFault.UnknownIndex, DeviceFault.ExpiredSession));
        yield return new(true, "forged", engine.DropsOf(DeviceFault.ForgedData));
        yield return new(true, "replayed", engine.DropsOf(DeviceFault.ReplayedData));
        yield return new(true, "source", engine.DropsOf(DeviceFault.SourceNotAllowed));
        yield return new(true, "host_refused", tunnel?.WriteDrops ?? 0);
    }

    IEnumerable<PacketDrops> OutboundDrops()
    {
        yield return new(false, "no_peer", engine.UnroutedDrops);
        yield return new(false, "malformed", engine.DropsOf(DeviceFault.MalformedHostPacket) + (tunnel?.CutDrops ?? 0));
        yield return new(false, "unsent", engine.DropsOf(DeviceFault.StagedOverflow, DeviceFault.StagedExpired));
        yield return new(false, "network_refused", port.SendDrops);
    }
}
