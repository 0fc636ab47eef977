namespace MeshIoT.WireGuard;

/// <summary>
/// For a shell that knows more peers than it wants to hold state for: it says whom an address or a key belongs to, and may add the peer
/// to the device in that moment. In place of the device's own <see cref="AllowedIPs"/>.
/// </summary>
public abstract class PeerDirectory
{
    /// <summary>The peer with this public key (32 bytes, valid during the call), or null. An initiation names it, so far without proof: if Receive rejects it, a peer that was added for it should go again.</summary>
    public abstract WireGuardPeer? FindByKey(byte[] publicKey);

    /// <summary>The peer that gets packets for the address at the offset (4 or 16 bytes), or null.</summary>
    public abstract WireGuardPeer? FindByDestination(byte[] packet, int addressOffset, bool ipv6);

    /// <summary>Whether the address at the offset is one that this peer may send from.</summary>
    public abstract bool IsSourceOf(WireGuardPeer peer, byte[] packet, int addressOffset, bool ipv6);
}
