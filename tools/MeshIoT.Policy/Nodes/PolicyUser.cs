namespace MeshIoT.Policy;

/// <summary>A user as policies see one.</summary>
/// <param name="Id">The user's number, above zero for users of a coordinator.</param>
/// <param name="Name">Login name; a policy writes it "name@".</param>
/// <param name="Email">Address; a policy may write it instead of the name. Null or empty when the user has none.</param>
/// <param name="Role">What the user may do.</param>
public sealed record PolicyUser(long Id, string Name, string? Email = null, PolicyRole Role = PolicyRole.Member);
