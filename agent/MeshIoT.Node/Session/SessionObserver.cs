using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Control;
using MeshIoT.Crypto;

namespace MeshIoT.Node.Session;

/// <summary>Who hears of a session's progress, on its task: the node.</summary>
internal abstract class SessionObserver
{
    /// <summary>The session stands otherwise than before.</summary>
    public abstract void Changed(SessionView view);

    /// <summary>The netmap in use; null: none.</summary>
    public virtual Netmap? Known => null;

    /// <summary>A new netmap for the node with this key; the answer says whether it may be used.</summary>
    public abstract ValueTask<NetworkBlock> NetmapArrived(Netmap netmap, NodePrivateKey identity, CancellationToken ct);

    /// <summary>The coordinator has accepted another key for this node, and peers will soon speak to that one.</summary>
    public abstract void IdentityChanged(NodePrivateKey identity);

    /// <summary>The coordinator does not count this node among its own any more.</summary>
    public abstract void MembershipLost();

    /// <summary>The coordinator could not be reached.</summary>
    public abstract void CoordinatorAway();
}
