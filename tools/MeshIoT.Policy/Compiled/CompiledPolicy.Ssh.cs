using MeshIoT.Policy.Compiler;
using MeshIoT.Tailcfg;

namespace MeshIoT.Policy;

/// <summary>Who may log in where by SSH.</summary>
public sealed partial class CompiledPolicy
{
    /// <summary>
    /// Where a node asks about a login that must be checked. The client fills in the $ names and asks over its control connection, so that
    /// only the path counts.
    /// </summary>
    public const string SshCheckUrl = "https://unused/machine/ssh/action/$SRC_NODE_ID/to/$DST_NODE_ID?local_user=$LOCAL_USER";

    /// <summary>The rules for logins at a node; null when there are none, so that nobody may log in. control-plane.md section 5.9.</summary>
    public SshPolicy? Ssh(long id, string checkUrl = SshCheckUrl)
        => Entry(id) is { } node && Document.Ssh.Count > 0 && new SshWriter(graph, snapshot, checkUrl).Write(node) is { Count: > 0 } rules
            ? new SshPolicy { Rules = rules } : null;
}
