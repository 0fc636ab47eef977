namespace MeshIoT.WireGuard;

/// <summary>Something that incoming messages name by a local index: a handshake we began, or a session.</summary>
public abstract class IndexOwner
{
    private protected IndexOwner(WireGuardPeer peer) => Peer = peer;

    /// <summary>The other side.</summary>
    public WireGuardPeer Peer { get; }

    /// <summary>The receiver index the other side writes to us; means something only while the index table lists this owner.</summary>
    internal uint LocalIndex;
}
