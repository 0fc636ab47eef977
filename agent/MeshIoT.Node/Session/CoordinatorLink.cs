using System;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Control;
using MeshIoT.Tailcfg;

namespace MeshIoT.Node.Session;

/// <summary>A coordinator as the session sees it: over ts2021, or in memory in a test.</summary>
internal abstract class CoordinatorLink : IAsyncDisposable
{
    /// <summary>Registers the node key. control-plane.md section 4.</summary>
    public abstract Task<RegisterResponse> RegisterAsync(RegisterRequest request, CancellationToken ct);

    /// <summary>The long poll; returns when the coordinator ends it. control-plane.md section 5.</summary>
    public abstract Task StreamMapAsync(MapRequest request, Func<MapFrame, CancellationToken, ValueTask> onFrame, CancellationToken ct);

    /// <summary>A lite update. control-plane.md section 5.1.</summary>
    public abstract Task SendUpdateAsync(MapRequest request, CancellationToken ct);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
