using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Control;
using MeshIoT.Crypto;

namespace MeshIoT.Node.Session;

/// <summary>Who hears of a session's progress: the node.</summary>
internal abstract class SessionObserver
{
    /// <summary>The session stands otherwise than before.</summary>
    public abstract void Changed(SessionView view);

    /// <summary>A new netmap for the node with this key.</summary>
    public abstract ValueTask NetmapArrived(Netmap netmap, NodePrivateKey identity, CancellationToken ct);
}
