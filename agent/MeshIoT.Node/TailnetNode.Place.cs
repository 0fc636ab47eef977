using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Paths.Endpoints;
using MeshIoT.Paths.NetCheck;

namespace MeshIoT.Node;

/// <content>Where this node is: what its checks of the network say.</content>
public sealed partial class TailnetNode
{
    /// <summary>The last check of the network; null: none has ended yet, or the coordinator names no relay to check with.</summary>
    public NetCheckReport? NetCheck => scout.Report;

    /// <summary>Where peers may reach this node, the most promising first, as the coordinator and they are told.</summary>
    public IReadOnlyList<OwnEndpoint> OwnEndpoints => scout.Current.Endpoints;

    /// <summary>The region whose relay this node is always connected to, where peers find it; 0: none.</summary>
    public int HomeRelay => scout.Home;

    /// <summary>
    /// Checks the network now, every region of it, and takes eight seconds at most. Without relays in the netmap the report is empty.
    /// </summary>
    public Task<NetCheckReport> CheckNetworkAsync(CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(disposed != 0, this);
        return scout.CheckAsync(ct);
    }
}
