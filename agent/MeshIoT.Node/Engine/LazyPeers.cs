using System;
using MeshIoT.Crypto;
using MeshIoT.WireGuard;

namespace MeshIoT.Node.Engine;

/// <summary>The netmap as WireGuard asks for it: a silent peer comes to life with its first packet, either way.</summary>
internal sealed class LazyPeers(PacketEngine engine) : PeerDirectory
{
    /// <inheritdoc/>
    public override WireGuardPeer? FindByKey(byte[] publicKey) => engine.KnockedOn(NodePublicKey.FromBytes(publicKey))?.Peer;

    /// <inheritdoc/>
    public override WireGuardPeer? FindByDestination(byte[] packet, int addressOffset, bool ipv6) =>
        engine.Routes.Find(packet.AsSpan(addressOffset, ipv6 ? 16 : 4)) is { } entry ? engine.Wake(entry).Peer : null;

    /// <inheritdoc/>
    public override bool IsSourceOf(WireGuardPeer peer, byte[] packet, int addressOffset, bool ipv6) =>
        engine.Routes.Find(packet.AsSpan(addressOffset, ipv6 ? 16 : 4))?.Slot?.Peer == peer;
}
