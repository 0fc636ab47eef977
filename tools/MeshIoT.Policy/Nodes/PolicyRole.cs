namespace MeshIoT.Policy;

/// <summary>What a user may do in the tailnet, as far as policies ask.</summary>
public enum PolicyRole
{
    /// <summary>No more than the policy gives.</summary>
    Member,

    /// <summary>autogroup:admin.</summary>
    Admin,

    /// <summary>autogroup:owner, and an administrator.</summary>
    Owner,
}
