using System;
using System.Linq;
using MeshIoT.Policy.Compiler;
using MeshIoT.Policy.Document;
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

    readonly Lazy<SshWriter> ssh;

    /// <summary>
    /// The rules for logins at a node; null when there are none, so that nobody may log in. Lists are shared between nodes: read them,
    /// never change them. control-plane.md section 5.9.
    /// </summary>
    public SshPolicy? Ssh(long id, string checkUrl = SshCheckUrl)
        => Entry(id) is { } node && Document.Ssh.Count > 0 && ssh.Value.Write(node, checkUrl) is { Count: > 0 } rules
            ? new SshPolicy { Rules = rules } : null;

    /// <summary>
    /// How long a check that the user passed lasts for logins from one node at another: the shortest of the rules that ask for one, zero =
    /// every login is checked; null where no rule asks.
    /// </summary>
    public TimeSpan? SshCheckPeriod(long source, long destination)
    {
        if (Entry(source) is not { } from || Entry(destination) is not { } to)
        {
            return null;
        }

        TimeSpan[] periods = [.. Document.Ssh.Where(r => r.Check && r.Sources.Any(s => graph.Matches(s, from)) && r.Destinations.Any(IsAt)).Select(r => r.CheckPeriod)];
        return periods.Length == 0 ? null : periods.Min();

        bool IsAt(Alias alias) => alias.IsAuto(Alias.Self) ? from.UserId is { } user && to.UserId == user : graph.Matches(alias, to);
    }
}
