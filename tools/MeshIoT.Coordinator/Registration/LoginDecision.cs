namespace MeshIoT.Coordinator;

/// <summary>What became of a <see cref="PendingLogin"/>.</summary>
internal enum LoginDecision
{
    /// <summary>Nobody knows it: it was never made, has waited too long, or made room for others.</summary>
    Unknown,

    /// <summary>A person let it in; its node is on the tailnet.</summary>
    Approved,

    /// <summary>A person said no.</summary>
    Rejected,
}
