using System.Collections.Generic;
using System.Net;
using MeshIoT.Disco;
using MeshIoT.Health;
using MeshIoT.WireGuard;

namespace MeshIoT.Node.Engine;

/// <content>Pings that a person asked for: inside the tunnel, and of the paths outside it.</content>
internal sealed partial class PacketEngine
{
    const int MostPings = 256;

    readonly List<TunnelPing> pings = new(4);

    /// <summary>Sends a ping; false when no peer has the address. The request is completed when its answer comes.</summary>
    internal bool Send(TunnelPing request, long nowMs)
    {
        pings.RemoveAll(static ping => ping.IsSettled);
        if (OwnAddress(request.IsV6) is not { } from || pings.Count == MostPings)
        {
            return false;
        }

        pings.Add(request);
        return Outbound(reply, request.Write(reply, from), nowMs);
    }

    /// <summary>Pings the peer that has the address outside the tunnel; the reason when that cannot be.</summary>
    internal FaultReport? TryPath(IPAddress target, PathAnswered answered, long nowMs)
    {
        if (device is null || Routes.Find(target.GetAddressBytes()) is not { } entry)
        {
            return Faults.NoSuchNode.With(target);
        }

        PeerSlot slot = Wake(entry);
        return slot.Disco is { } peer && disco!.Try(peer, answered, nowMs) ? null : Faults.PeerWithoutDisco.With(target);
    }

    byte[]? OwnAddress(bool v6)
    {
        foreach (byte[] address in ownAddresses)
        {
            if (address.Length == 16 == v6)
            {
                return address;
            }
        }

        return null;
    }

    bool TakePing(in IPPacket packet, WireGuardPeer peer)
    {
        byte[]? cameBy = carriedBy != 0 ? RelayEndpoint.Of(carriedBy) : (peer.Tag as PeerSlot)?.Path.HeardAt?.Clone() as byte[];
        for (int i = 0; i < pings.Count; i++)
        {
            if (pings[i].TryTake(packet, cameBy))
            {
                pings.RemoveAt(i);
                return true;
            }
        }

        return false;
    }
}
