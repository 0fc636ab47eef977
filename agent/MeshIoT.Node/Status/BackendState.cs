namespace MeshIoT.Node;

/// <summary>Where a node is on its way into the tailnet.</summary>
public enum BackendState
{
    /// <summary>Just started; nothing is known yet.</summary>
    NoState,

    /// <summary>A person must act: give an auth key or approve the node.</summary>
    NeedsLogin,

    /// <summary>The coordinator knows this node, but an administrator has to let it in.</summary>
    NeedsMachineAuth,

    /// <summary>On its way: registering, or waiting for the first netmap.</summary>
    Starting,

    /// <summary>Has a netmap; packets flow (also while the coordinator is away).</summary>
    Running,

    /// <summary>Told to stay down.</summary>
    Stopped,
}
