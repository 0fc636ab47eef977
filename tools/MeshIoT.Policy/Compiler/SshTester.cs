using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using MeshIoT.Policy.Document;
using MeshIoT.Tailcfg;

namespace MeshIoT.Policy.Compiler;

/// <summary>Tries what a policy's sshTests claim against the rules that the destinations would get.</summary>
internal sealed class SshTester(CompiledPolicy policy, PolicyGraph graph, Snapshot snapshot)
{
    readonly Dictionary<long, SshPolicy?> rulesOf = [];
    readonly Dictionary<object, HashSet<string>> addressesOf = new(ReferenceEqualityComparer.Instance);

    public void Run(SshTest test, ImmutableArray<PolicyError>.Builder failures)
    {
        string[] sources = test.Source is { IsRange: true, Range.IsSingle: true } ? [test.Source.Range.ToString()]
            : [.. snapshot.Nodes.Values.Where(n => graph.Matches(test.Source, n)).SelectMany(n => new[] { n.Node.IPv4.ToString(), n.Node.IPv6.ToString() })];
        if (sources.Length == 0)
        {
            failures.Add(test.Source.At.Error($"test failed: src \"{test.Source.Text}\" is nobody at present"));
            return;
        }

        SortedDictionary<long, NodeEntry> destinations = [];
        foreach (Alias alias in test.Destinations)
        {
            List<NodeEntry> found = [.. snapshot.Nodes.Values.Where(n => IsDestination(alias, test.Source, n))];
            found.ForEach(n => destinations[n.Node.Id] = n);
            if (found.Count == 0)
            {
                failures.Add(alias.At.Error($"test failed: dst \"{alias.Text}\" is no node at present"));
            }
        }

        foreach (NodeEntry destination in destinations.Values)
        {
            Try(test.Accept, "should be let in", may => may.Accept);
            Try(test.Deny, "should be kept out", may => !may.Accept);
            Try(test.Check, "should be let in after a check", may => may.Check);

            void Try(ImmutableArray<SshTestUser> users, string claim, Func<(bool Accept, bool Check), bool> holds)
            {
                foreach (SshTestUser user in users)
                {
                    if (!Array.TrueForAll(sources, s => holds(May(destination, s, user.Name))))
                    {
                        failures.Add(user.At.Error($"test failed: {test.Source.Text} as {(user.Name.Length == 0 ? "\"\"" : user.Name)} {claim} at {Name(destination)}, but is not"));
                    }
                }
            }
        }
    }

    static string Name(NodeEntry node) => node.Node.Hostname ?? node.Node.IPv4.ToString();

    bool IsDestination(Alias alias, Alias source, NodeEntry node)
        => alias.IsAuto(Alias.Self)
            ? source.Kind == AliasKind.User && node.UserId is { } user && graph.Users(source).Contains(user)
            : graph.Matches(alias, node);

    /// <summary>Whether some rule lets the source in under a name, and whether some rule does so after a check.</summary>
    (bool Accept, bool Check) May(NodeEntry destination, string source, string user)
    {
        if (!rulesOf.TryGetValue(destination.Node.Id, out SshPolicy? rules))
        {
            rulesOf[destination.Node.Id] = rules = policy.Ssh(destination.Node.Id);
        }

        bool accept = false, check = false;
        foreach (SshRule rule in rules?.Rules ?? [])
        {
            if (Allows(rule.SshUsers!, user) && AddressesOf(rule.Principals!).Contains(source))
            {
                accept = true;
                check |= rule.Action!.HoldAndDelegate is not null;
            }
        }

        return (accept, check);
    }

    HashSet<string> AddressesOf(IReadOnlyList<SshPrincipal> principals)
        => addressesOf.TryGetValue(principals, out HashSet<string>? known) ? known
            : addressesOf[principals] = new(principals.Select(p => p.NodeIP!), StringComparer.Ordinal);

    static bool Allows(IReadOnlyDictionary<string, string> names, string user)
        => user.Length > 0 && (names.TryGetValue(user, out string? local) ? local.Length > 0 : user != "root" && names.ContainsKey("*"));
}
