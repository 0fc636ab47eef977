using System.Threading.Tasks;

namespace MeshIoT.Node.Session;

/// <summary>A person's wish for a new node key, and how it ended. No printed form: it may hold a secret.</summary>
internal sealed class ReauthRequest(string? authKey)
{
    /// <summary>The key that admits the node under its new key; null: a person does.</summary>
    public string? AuthKey => authKey;

    /// <summary>Ends well with the new key accepted, badly when the coordinator refuses.</summary>
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
