namespace MeshIoT.Node.Session;

/// <summary>Why a netmap that is there must not be used.</summary>
internal enum NetworkBlock
{
    /// <summary>It may be used.</summary>
    None,

    /// <summary>This node's key has expired.</summary>
    KeyExpired,

    /// <summary>An administrator has yet to let this machine in.</summary>
    NotAuthorized,
}
