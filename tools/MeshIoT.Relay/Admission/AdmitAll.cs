using System.Net;
using System.Threading.Tasks;
using MeshIoT.Crypto;

namespace MeshIoT.Relay;

/// <summary>Everybody who has a key: for a relay inside a closed network, and for measurements.</summary>
public sealed class AdmitAll : IAdmission
{
    /// <inheritdoc/>
    public ValueTask<bool> AdmitAsync(NodePublicKey key, IPAddress source) => new(true);
}
