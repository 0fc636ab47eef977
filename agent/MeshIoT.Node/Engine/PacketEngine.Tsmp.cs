using System.Net;
using MeshIoT.Crypto;
using MeshIoT.WireGuard;

namespace MeshIoT.Node.Engine;

/// <content>
/// Messages between agents inside the tunnel: pings are answered, and each side names its disco key when a session begins, since the
/// netmap that names it may come later or, without a coordinator, not at all. data-plane.md section 7.4.
/// </content>
internal sealed partial class PacketEngine
{
    // A flood of pings would double the work of opening them.
    const int PongsPerSecond = 200;

    MeshIoT.Disco.TokenBucket pongs = new(PongsPerSecond, PongsPerSecond);
    PeerSlot? begun;

    /// <summary>TSMP messages that were not obeyed: too many, of a type that is not known, or by one who may not say it.</summary>
    public long TsmpDrops { get; private set; }

    /// <summary>Disco keys that were taken from the peer's own word.</summary>
    public long AdvertisedKeysTaken { get; private set; }

    void TakeTsmp(in IPPacket packet, WireGuardPeer peer, long nowMs)
    {
        if (Tsmp.TryReadDiscoKey(packet, out DiscoPublicKey key))
        {
            TsmpDrops += TakeDiscoKey(packet, key, (PeerSlot)peer.Tag!, nowMs) ? 0 : 1;
            return;
        }

        int answer = Tsmp.TryReply(packet, reply);
        if (answer != 0 && pongs.TryTake(nowMs))
        {
            Outbound(reply, answer, nowMs);
        }
        else
        {
            TsmpDrops++;
        }
    }

    // Only the peer itself speaks for its key: a machine behind it, whose packets come by the same session, does not. A key that
    // another peer has is nobody else's.
    bool TakeDiscoKey(in IPPacket packet, DiscoPublicKey key, PeerSlot slot, long nowMs)
    {
        PeerEntry entry = slot.Entry;
        DiscoPublicKey before = entry.Plan.DiscoKey;
        if (key == before)
        {
            return true;
        }

        if (!entry.Plan.IsOwn(packet.Source) || key == discoKey.PublicKey || index.TryFind(key, out _) || !slot.MayChangeDiscoKey(nowMs))
        {
            return false;
        }

        entry.Advertised = new AdvertisedKey(key, entry.Advertised?.Netmap ?? before);
        index.Replace(entry, entry.Plan with { DiscoKey = key });
        ForgetDiscoKey(before);
        UpdateDisco(slot, nowMs);
        AdvertisedKeysTaken++;
        return true;
    }

    // A session has begun with what was just received; staged packets are on their way already.
    void AdvertiseDiscoKey(long nowMs)
    {
        if (begun is not { } slot)
        {
            return;
        }

        begun = null;
        IPAddress? to = slot.Plan.DiscoKey.IsZero || slot.Plan.OwnCount == 0 ? null : slot.Plan.AllowedIPs[0].BaseAddress;
        if (to is not null && OwnAddress(to.GetAddressBytes().Length == 16) is { } from)
        {
            OutboundOwn(reply, Tsmp.WriteDiscoKey(reply, from, to.GetAddressBytes(), discoKey.PublicKey), nowMs);
        }
    }
}
