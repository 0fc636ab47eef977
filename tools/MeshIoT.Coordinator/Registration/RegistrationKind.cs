namespace MeshIoT.Coordinator;

/// <summary>What a registration did.</summary>
internal enum RegistrationKind
{
    /// <summary>A new node came in by auth key.</summary>
    Admitted,

    /// <summary>A machine that was here before came in by auth key, under the same name and addresses.</summary>
    Readmitted,

    /// <summary>A node that is on the tailnet said hello again.</summary>
    Returned,

    /// <summary>The node's key has expired and no auth key came with it.</summary>
    Expired,

    /// <summary>The node left.</summary>
    LoggedOut,
}
