using System.Net;

namespace MeshIoT.Coordinator;

/// <summary>Where HTTP/2 inside Noise is listened for: not a socket, but the connections that were upgraded on one.</summary>
internal sealed class NoiseEndPoint : EndPoint
{
    /// <inheritdoc/>
    public override string ToString() => "noise";
}
