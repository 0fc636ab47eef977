namespace MeshIoT.Sim;

/// <summary>What a map frame says, as far as the simulator wants to know.</summary>
internal interface IMapSink
{
    /// <summary>The frame names the node itself.</summary>
    void OnSelf(long nodeId);

    /// <summary>The frame replaces all peers; they follow.</summary>
    void OnAllPeers();

    /// <summary>A peer, new or changed. <paramref name="change"/>: the number in its first endpoint, -1 where none is said.</summary>
    void OnPeer(long nodeId, int change);

    /// <summary>A peer is gone.</summary>
    void OnRemoved(long nodeId);
}
