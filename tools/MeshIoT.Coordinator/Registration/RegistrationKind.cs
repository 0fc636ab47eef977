namespace MeshIoT.Coordinator;

/// <summary>What a registration did.</summary>
internal enum RegistrationKind
{
    /// <summary>A new node came in.</summary>
    Admitted,

    /// <summary>A machine that was here before came in again, under the same name and addresses.</summary>
    Readmitted,

    /// <summary>A node that is on the tailnet said hello again.</summary>
    Returned,

    /// <summary>A node that is on the tailnet changed its node key.</summary>
    Rotated,

    /// <summary>The node's key has expired and nothing came with it that would let it in.</summary>
    Expired,

    /// <summary>Nothing is known that would let it in: a person must.</summary>
    LoginNeeded,

    /// <summary>The node left.</summary>
    LoggedOut,
}
