using System;

namespace MeshIoT.Coordinator;

/// <summary>A person whose nodes are on the tailnet.</summary>
/// <param name="Id">Given out once, never again; 1 is the owner.</param>
/// <param name="Login">Unique without case: an e-mail address, or a bare name.</param>
/// <param name="DisplayName">What clients show.</param>
/// <param name="Role">What it may do in the administration.</param>
/// <param name="Created">When it was made.</param>
internal sealed record UserRecord(long Id, string Login, string DisplayName, UserRole Role, DateTimeOffset Created)
{
    /// <summary>The user that every tailnet starts with.</summary>
    public const long OwnerId = 1;
}
