using System;

namespace MeshIoT.Coordinator;

/// <summary>What an administrator chooses for the whole tailnet.</summary>
internal sealed record TailnetSettings
{
    /// <summary>True: a node waits for an administrator unless its auth key is pre-approved.</summary>
    public bool NodeApproval { get; init; }

    /// <summary>How long the node key of a user's node lasts, in whole days; 0: for ever. Tagged nodes never expire by themselves.</summary>
    public int KeyExpiryDays { get; init; }
}
