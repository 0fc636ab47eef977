using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Policy.Addresses;
using MeshIoT.Policy.Document;
using MeshIoT.Tailcfg;

namespace MeshIoT.Policy.Compiler;

/// <summary>
/// Writes the SSH rules of one node. Checks come before accepts, whatever their order in the policy: the client takes the first rule that
/// fits. control-plane.md section 5.9.
/// </summary>
internal sealed class SshWriter(PolicyGraph graph, Snapshot snapshot, string checkUrl)
{
    const string LocalPart = "localpart:*@";

    static readonly SshAction Accept = new() { Accept = true, AllowAgentForwarding = true, AllowLocalPortForwarding = true, AllowRemotePortForwarding = true };

    public List<SshRule> Write(NodeEntry node)
    {
        List<SshRule> checks = [], accepts = [];
        SshAction check = new() { HoldAndDelegate = checkUrl };
        foreach (SshPolicyRule rule in graph.Document.Ssh)
        {
            Add(rule.Check ? checks : accepts, rule, rule.Check ? check : Accept, node);
        }

        return [.. checks, .. accepts];
    }

    void Add(List<SshRule> rules, SshPolicyRule rule, SshAction action, NodeEntry node)
    {
        Dictionary<string, string> names = Names(rule);
        string[] domains = [.. rule.Users.Where(IsLocalPart).Select(u => u[LocalPart.Length..])];

        // What one user's devices get: the common names and, where the rule maps mail names, the user's own.
        void Append(IReadOnlyList<SshPrincipal> principals, long? user)
        {
            rules.Add(Rule(principals, names, rule, action));
            if (user is { } id && MailName(id, domains) is { } local)
            {
                rules.Add(Rule(principals, new() { [local] = local }, rule, action));
            }
        }

        if (node.UserId is { } own && rule.Destinations.Any(d => d.IsAuto(Alias.Self)) && Devices(rule, own) is { Count: > 0 } devices)
        {
            Append(devices, own);
        }

        Alias[] others = [.. rule.Destinations.Where(d => !d.IsAuto(Alias.Self))];
        if (others.Length == 0)
        {
            return;
        }

        if (!others.Any(d => graph.Matches(d, node)))
        {
            if (domains.Length > 0 && rule.Sources.Any(s => graph.Matches(s, node)))
            {
                // A source is told the rules for its own user too, so that it can say who it would be there.
                Append(node.UserId is { } mine ? Devices(rule, mine) : Principals([node]), node.UserId);
            }

            return;
        }

        Sources(rule, out SortedDictionary<long, List<NodeEntry>> byUser, out List<NodeEntry> tagged);
        if (domains.Length > 0)
        {
            foreach ((long user, List<NodeEntry> nodes) in byUser)
            {
                Append(Principals(nodes), user);
            }

            if (tagged.Count > 0)
            {
                Append(Principals(tagged), null);
            }
        }
        else if (byUser.Count + tagged.Count > 0)
        {
            Append(Principals([.. byUser.Values.SelectMany(n => n), .. tagged]), null);
        }
    }

    static SshRule Rule(IReadOnlyList<SshPrincipal> principals, Dictionary<string, string> names, SshPolicyRule rule, SshAction action)
        => new() { Principals = principals, SshUsers = names, Action = action, AcceptEnv = rule.AcceptEnv.IsEmpty ? null : rule.AcceptEnv };

    static bool IsLocalPart(string user) => user.StartsWith(LocalPart, StringComparison.Ordinal) && user.Length > LocalPart.Length;

    static Dictionary<string, string> Names(SshPolicyRule rule)
    {
        Dictionary<string, string> names = new(StringComparer.Ordinal) { ["root"] = "" };
        foreach (string user in rule.Users.Where(u => !IsLocalPart(u)))
        {
            if (user == Alias.NonRoot)
            {
                names["*"] = "=";
            }
            else
            {
                names[user] = user;
            }
        }

        return names;
    }

    string? MailName(long user, string[] domains)
        => graph.People.ById(user)?.Email is { } mail && mail.LastIndexOf('@') is > 0 and int at && domains.Contains(mail[(at + 1)..], StringComparer.OrdinalIgnoreCase)
            ? mail[..at] : null;

    /// <summary>The sources of a rule: by owner, and tagged nodes (once per tag, as Tailscale's service writes them).</summary>
    void Sources(SshPolicyRule rule, out SortedDictionary<long, List<NodeEntry>> byUser, out List<NodeEntry> tagged)
    {
        (byUser, tagged) = ([], []);
        foreach (NodeEntry node in snapshot.Nodes.Values.Where(n => rule.Sources.Any(s => graph.Matches(s, n))))
        {
            if (node.UserId is { } user)
            {
                (byUser.TryGetValue(user, out List<NodeEntry>? list) ? list : byUser[user] = []).Add(node);
            }
            else
            {
                tagged.AddRange(Enumerable.Repeat(node, node.IsTagged ? node.Node.Tags.Length : 0));
            }
        }
    }

    IReadOnlyList<SshPrincipal> Devices(SshPolicyRule rule, long user)
        => Principals(snapshot.ByUser.TryGetValue(user, out var ids) ? ids.Select(i => snapshot.Nodes[i]).Where(n => rule.Sources.Any(s => graph.Matches(s, n))) : []);

    static SshPrincipal[] Principals(IEnumerable<NodeEntry> nodes)
        => [.. nodes.SelectMany(n => new[] { n.V4, n.V6 }).Order(Comparer<AddressRange>.Create(Compare)).Select(a => new SshPrincipal { NodeIP = AddressRange.Text(a.IsV6, a.Low) })];

    static int Compare(AddressRange a, AddressRange b) => a.IsV6 != b.IsV6 ? a.IsV6.CompareTo(b.IsV6) : a.Low.CompareTo(b.Low);
}
