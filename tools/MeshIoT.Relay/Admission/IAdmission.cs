using System.Net;
using System.Threading.Tasks;
using MeshIoT.Crypto;

namespace MeshIoT.Relay;

/// <summary>Who may use the relay.</summary>
public interface IAdmission
{
    /// <summary>Whether a client that has proved <paramref name="key"/> may come in. Called on the relay's threads: it returns at once, and completes when it knows.</summary>
    ValueTask<bool> AdmitAsync(NodePublicKey key, IPAddress source);
}
