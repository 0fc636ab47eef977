using MeshIoT.Crypto;

namespace MeshIoT.Derp;

/// <summary>Who hears what relays bring. Called on pool threads, for one region one at a time; must be quick and never throw.</summary>
public abstract class DerpReceiver
{
    /// <summary>
    /// Packets have come. The batch is the receiver's until it calls <see cref="DerpBatch.Return"/>, on whatever thread; a region whose
    /// batches are not returned reads no more after a few, and its relay drops what comes too much.
    /// </summary>
    public abstract void Receive(DerpBatch batch);

    /// <summary>The region's relay has no connection of that peer: what was sent to it is lost.</summary>
    public virtual void PeerGone(int region, NodePublicKey peer, PeerGoneReason reason)
    {
    }

    /// <summary>A region's connection came, went, or tells something new: see <see cref="DerpPool.StateOf"/>.</summary>
    public virtual void StateChanged(int region)
    {
    }
}
