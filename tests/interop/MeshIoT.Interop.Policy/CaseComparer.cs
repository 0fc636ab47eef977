using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace MeshIoT.Interop;

/// <summary>Compares one case's result with what Tailscale's service made of it.</summary>
internal sealed class CaseComparer(JsonElement wanted, JsonElement found)
{
    /// <summary>Capabilities that the service gives by itself, whatever the policy says: roles, settings of the tailnet, tuning.</summary>
    static readonly HashSet<string> ServiceCaps =
    [
        "default-auto-update", "https://tailscale.com/cap/file-sharing", "https://tailscale.com/cap/is-owner", "https://tailscale.com/cap/is-admin",
        "https://tailscale.com/cap/ssh", "https://tailscale.com/cap/tailnet-lock", "https://tailscale.com/cap/warn-funnel-no-https",
        "probe-udp-lifetime", "ssh-behavior-v1", "ssh-env-vars", "store-appc-routes", "tailnet-display-name",
    ];

    readonly Dictionary<Aspect, string> differences = [];

    /// <summary>Where they differ, and the first difference of each aspect.</summary>
    public IReadOnlyDictionary<Aspect, string> Compare()
    {
        bool accepted = wanted.GetProperty("accepted").GetBoolean();
        if (accepted != found.GetProperty("accepted").GetBoolean())
        {
            Differs(Aspect.Verdict, accepted ? $"refused: {Json.Member(Json.Member(found, "response"), "message")}" : $"accepted; wanted: {Json.Member(Json.Member(wanted, "response"), "message")}");
            return differences;
        }

        foreach (JsonProperty node in Json.Members(Json.Member(wanted, "expected")))
        {
            JsonElement? got = Json.Member(Json.Member(found, "expected"), node.Name);
            Filters(node, got);
            Peers(node, got);
            Same(Aspect.Ssh, node.Name, Ssh(Json.Member(node.Value, "ssh")), Ssh(Json.Member(got, "ssh")));
            if (Json.Member(node.Value, "selfAllowedIPs") is { } self)
            {
                Same(Aspect.Routes, node.Name + " itself", string.Join(' ', Json.Strings(self)), string.Join(' ', Json.Strings(Json.Member(got, "selfAllowedIPs"))));
            }

            if (Json.Member(node.Value, "selfCapMap") is { } caps)
            {
                Same(Aspect.Caps, node.Name, Caps(caps), Caps(Json.Member(got, "selfCapMap")));
            }
        }

        return differences;
    }

    void Differs(Aspect aspect, string how) => differences.TryAdd(aspect, how);

    void Same(Aspect aspect, string where, string want, string got)
    {
        if (want != got)
        {
            Differs(aspect, $"{where}: wanted {want}, got {got}");
        }
    }

    void Filters(JsonProperty node, JsonElement? got)
    {
        SortedDictionary<string, string> want = FilterShape.Of(Json.Member(node.Value, "filter")), have = FilterShape.Of(Json.Member(got, "filter"));
        foreach (string key in want.Keys.Union(have.Keys))
        {
            Same(Aspect.Filters, $"{node.Name} {key}", want.GetValueOrDefault(key) ?? "nothing", have.GetValueOrDefault(key) ?? "nothing");
        }
    }

    void Peers(JsonProperty node, JsonElement? got)
    {
        JsonElement? want = Json.Member(node.Value, "peers"), have = Json.Member(got, "peers");
        SortedSet<string> names = new(Json.Members(want).Select(p => p.Name), StringComparer.Ordinal), haveNames = new(Json.Members(have).Select(p => p.Name), StringComparer.Ordinal);
        Same(Aspect.Peers, node.Name, string.Join(' ', names), string.Join(' ', haveNames));
        foreach (string peer in names.Intersect(haveNames))
        {
            JsonElement? a = Json.Member(want, peer), b = Json.Member(have, peer);
            foreach (string list in new[] { "allowedIPs", "primaryRoutes" })
            {
                Same(Aspect.Routes, $"{node.Name} of {peer}, {list}", Routes(a, list), Routes(b, list));
            }

            Same(Aspect.Caps, $"{node.Name} of {peer}", Caps(Json.Member(a, "capMap")), Caps(Json.Member(b, "capMap")));
        }

        foreach (string prefix in Shared)
        {
            // Which of several routers is elected is not the policy's to say: what counts is whether one of them brings the route.
            if (!Announces(node.Name, prefix))
            {
                Same(Aspect.Routes, $"{node.Name} by any router, {prefix}", Brings(want, prefix), Brings(have, prefix));
            }
        }
    }

    string Routes(JsonElement? peer, string list) => string.Join(' ', Json.Strings(Json.Member(peer, list)).Where(p => !Shared.Contains(p)));

    static string Brings(JsonElement? peers, string prefix)
        => $"{Json.Members(peers).Count(p => Json.Strings(Json.Member(p.Value, "allowedIPs")).Contains(prefix))} routers";

    /// <summary>Subnet routes that more than one node of the case announces.</summary>
    HashSet<string> Shared => shared ??= [.. Json.Members(Json.Member(wanted, "nodes"))
        .SelectMany(n => Json.Strings(Json.Member(n.Value, "routable_ips"))).Where(p => !p.EndsWith("/0", StringComparison.Ordinal))
        .GroupBy(p => p).Where(g => g.Count() > 1).Select(g => g.Key)];

    HashSet<string>? shared;

    bool Announces(string node, string prefix) => Json.Strings(Json.Member(Json.Member(Json.Member(wanted, "nodes"), node), "routable_ips")).Contains(prefix);

    static string Caps(JsonElement? caps) => string.Join(' ', Json.Members(caps).Where(c => !ServiceCaps.Contains(c.Name)).Select(c => $"{c.Name}={Json.Canonical(c.Value)}").Order(StringComparer.Ordinal));

    /// <summary>Rules in their order; the people of each as a set.</summary>
    static string Ssh(JsonElement? rules) => string.Join('\n', (rules is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().ToArray() : []).Select(rule =>
        string.Join(' ', new SortedSet<string>(rule.GetProperty("principals").EnumerateArray().Select(Json.Canonical), StringComparer.Ordinal))
        + " " + string.Join(' ', Json.Members(rule).Where(m => m.Name != "principals").OrderBy(m => m.Name, StringComparer.Ordinal).Select(m => $"{m.Name}={Json.Canonical(m.Value)}"))));
}
