using System;
using System.Collections.Concurrent;
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
internal sealed class SshWriter(PolicyGraph graph, Snapshot snapshot)
{
    readonly ConcurrentDictionary<SshPolicyRule, SshSources> sourcesOf = new(ReferenceEqualityComparer.Instance);

    const string LocalPart = "localpart:*@";

    static readonly SshAction Accept = new() { Accept = true, AllowAgentForwarding = true, AllowLocalPortForwarding = true, AllowRemotePortForwarding = true };

    public List<SshRule> Write(NodeEntry node, string checkUrl)
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

        SshSources sources = SourcesOf(rule);
        if (node.UserId is { } own && rule.Destinations.Any(d => d.IsAuto(Alias.Self)) && sources.ByUser.TryGetValue(own, out SshPrincipal[]? devices))
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
                Append(node.UserId is { } mine && sources.ByUser.TryGetValue(mine, out SshPrincipal[]? same) ? same : Principals([node]), node.UserId);
            }

            return;
        }

        if (domains.Length > 0)
        {
            foreach ((long user, SshPrincipal[] principals) in sources.ByUser)
            {
                Append(principals, user);
            }

            if (sources.Tagged.Length > 0)
            {
                Append(sources.Tagged, null);
            }
        }
        else if (sources.All.Length > 0)
        {
            Append(sources.All, null);
        }
    }

    /// <summary>The sources of a rule, worked out once for all destinations.</summary>
    SshSources SourcesOf(SshPolicyRule rule) => sourcesOf.GetOrAdd(rule, r =>
    {
        SortedDictionary<long, List<NodeEntry>> byUser = [];
        List<NodeEntry> tagged = [];
        foreach (NodeEntry node in snapshot.Nodes.Values.Where(n => r.Sources.Any(s => graph.Matches(s, n))))
        {
            if (node.UserId is { } user)
            {
                (byUser.TryGetValue(user, out List<NodeEntry>? list) ? list : byUser[user] = []).Add(node);
            }
            else if (node.IsTagged)
            {
                tagged.AddRange(Enumerable.Repeat(node, node.Node.Tags.Length));
            }
        }

        SortedDictionary<long, SshPrincipal[]> principals = [];
        foreach ((long user, List<NodeEntry> nodes) in byUser)
        {
            principals[user] = Principals(nodes);
        }

        return new(principals, Principals(tagged), Principals([.. byUser.Values.SelectMany(n => n), .. tagged]));
    });

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

    static SshPrincipal[] Principals(IEnumerable<NodeEntry> nodes)
        => [.. nodes.SelectMany(n => new[] { n.V4, n.V6 }).Order(Comparer<AddressRange>.Create(Compare)).Select(a => new SshPrincipal { NodeIP = AddressRange.Text(a.IsV6, a.Low) })];

    /// <summary>By owner, of tagged nodes (once per tag, as Tailscale's service writes them), and all together.</summary>
    sealed record SshSources(SortedDictionary<long, SshPrincipal[]> ByUser, SshPrincipal[] Tagged, SshPrincipal[] All);

    static int Compare(AddressRange a, AddressRange b) => a.IsV6 != b.IsV6 ? a.IsV6.CompareTo(b.IsV6) : a.Low.CompareTo(b.Low);
}
