namespace MeshIoT.Coordinator;

/// <summary>What a user may do in the administration.</summary>
internal enum UserRole
{
    /// <summary>Nothing but have nodes.</summary>
    Member,

    /// <summary>Everything but touch owners.</summary>
    Admin,

    /// <summary>Everything.</summary>
    Owner,
}
