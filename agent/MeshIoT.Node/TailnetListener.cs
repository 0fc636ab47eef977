using System;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Node;

/// <summary>A TCP port open on this node's tailnet addresses, on whatever addresses it has now and later.</summary>
public abstract class TailnetListener : IAsyncDisposable
{
    /// <summary>The port.</summary>
    public abstract int Port { get; }

    /// <summary>Waits for the next connection. Throws <see cref="ObjectDisposedException"/> once the listener is closed.</summary>
    public abstract ValueTask<TailnetConnection> AcceptAsync(CancellationToken ct);

    /// <summary>Closes the port; connections already accepted live on.</summary>
    public abstract ValueTask DisposeAsync();
}
