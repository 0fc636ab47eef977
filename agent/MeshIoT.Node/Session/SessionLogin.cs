namespace MeshIoT.Node.Session;

/// <summary>With what a session begins. Not a record: it holds a secret and has no printed form.</summary>
/// <param name="authKey">The key that admits the node; null: by what is saved, or by a person.</param>
/// <param name="forceReauth">Whether to ask for a new node key although the present one may be good.</param>
internal sealed class SessionLogin(string? authKey = null, bool forceReauth = false)
{
    /// <summary>The key that admits the node.</summary>
    public string? AuthKey => authKey;

    /// <summary>Whether a new node key is wanted in any case.</summary>
    public bool ForceReauth => forceReauth;
}
