using System;
using System.Net;
using System.Threading.Tasks;
using MeshIoT.Crypto;

namespace MeshIoT.Relay;

/// <summary>The nodes of a tailnet, asked in the same process.</summary>
/// <param name="isNode">Whether a key is one of a node that may take part now; must not wait.</param>
public sealed class NodeList(Func<NodePublicKey, bool> isNode) : IAdmission
{
    /// <inheritdoc/>
    public ValueTask<bool> AdmitAsync(NodePublicKey key, IPAddress source) => new(isNode(key));
}
