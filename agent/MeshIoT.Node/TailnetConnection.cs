using System;
using System.Net;
using System.Threading.Tasks;

namespace MeshIoT.Node;

/// <summary>A connection a peer made to this node.</summary>
/// <param name="Stream">The bytes.</param>
/// <param name="Remote">Who: a tailnet address, proved by WireGuard.</param>
public sealed record TailnetConnection(TailnetStream Stream, IPEndPoint Remote) : IAsyncDisposable, IDisposable
{
    /// <summary>Closes the stream; what was written is still delivered.</summary>
    public ValueTask DisposeAsync() => Stream.DisposeAsync();

    /// <summary>Closes the stream; what was written is still delivered.</summary>
    public void Dispose() => Stream.Dispose();
}
