using System;
using System.Collections.Generic;
using System.Linq;

namespace MeshIoT.Coordinator.Tests;

/// <summary>A small policy with its own, slow idea of what it means: every pair of nodes is tried against every rule.</summary>
internal sealed record PolicyModel(IReadOnlyList<(string From, string To)> Rules)
{
    static readonly string[] Selectors = ["*", "tag:hub", "tag:sensor", "tag:gate", "owner@", "ann@", "bob@", "autogroup:member", "autogroup:tagged"];

    /// <summary>Some rules by chance; the first of them may be none at all.</summary>
    public static PolicyModel Random(Random random) =>
        new([.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => (Selectors[random.Next(Selectors.Length)], Selectors[random.Next(Selectors.Length)]))]);

    /// <summary>As HuJSON.</summary>
    public string Text
    {
        get
        {
            string rules = string.Join(",\n", Rules.Select(r => $"    {{\"action\": \"accept\", \"src\": [\"{r.From}\"], \"dst\": [\"{r.To}:*\"]}}"));
            return $$"""
                {
                  // made by a test
                  "tagOwners": {"tag:hub": [], "tag:sensor": [], "tag:gate": []},
                  "acls": [
                {{rules}}
                  ],
                }
                """;
        }
    }

    /// <summary>Everybody whom <paramref name="viewer"/> is to see.</summary>
    public IEnumerable<long> Seen(Tailnet tailnet, NodeRecord viewer) => !viewer.Approved || viewer.IsExpired(DateTimeOffset.UtcNow) ? []
        : tailnet.Nodes.Values.Where(n => n.Id != viewer.Id && n.Approved && (Reaches(tailnet, viewer, n) || Reaches(tailnet, n, viewer))).Select(n => n.Id);

    bool Reaches(Tailnet tailnet, NodeRecord from, NodeRecord to) => Rules.Any(r => Is(tailnet, from, r.From) && Is(tailnet, to, r.To));

    static bool Is(Tailnet tailnet, NodeRecord node, string selector) => selector switch
    {
        "*" => true,
        "autogroup:member" => node.Tags.IsEmpty,
        "autogroup:tagged" => !node.Tags.IsEmpty,
        _ when selector.StartsWith("tag:", StringComparison.Ordinal) => node.Tags.Contains(selector),
        _ => node.Tags.IsEmpty && tailnet.Users[node.UserId].Login + "@" == selector,
    };
}
