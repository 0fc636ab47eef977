using System.Net;
using MeshIoT.Health;

namespace MeshIoT.Node.Engine;

/// <summary>One disco ping, outside the tunnel: it says over which path the peer answers. data-plane.md section 7.5.</summary>
/// <param name="target">The tailnet address.</param>
internal sealed class PathRequest(IPAddress target) : PingRequest(target)
{
    /// <inheritdoc/>
    protected override FaultReport? Begin(PacketEngine engine, long nowMs) =>
        engine.TryPath(Target, (endpoint18, _) => Succeed(endpoint18.ToArray()), nowMs);
}
