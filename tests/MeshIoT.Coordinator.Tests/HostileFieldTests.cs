using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Tailcfg;
using Xunit;

namespace MeshIoT.Coordinator.Tests;

/// <summary>Every field of every request, one by one: absent, null, huge, of the wrong type, or pointing at somebody else.</summary>
public class HostileFieldTests
{
    static readonly string Huge = new('x', 20_000);

    static IEnumerable<JsonNode?> Nonsense(string victim) =>
    [
        null, JsonValue.Create(true), JsonValue.Create(-1), JsonValue.Create(9.9e307), JsonValue.Create(long.MaxValue), JsonValue.Create(""), JsonValue.Create(Huge), JsonValue.Create("\0\u2028"),
        JsonValue.Create(victim), new JsonArray(), new JsonArray([.. Enumerable.Range(0, 3000).Select(_ => (JsonNode?)JsonValue.Create(victim))]), new JsonArray(null, null), new JsonObject(),
        new JsonObject { [Huge[..500]] = new JsonObject { ["a"] = new JsonArray(1, "x", null) } }, JsonValue.Create("tag:a"), JsonValue.Create("9999-12-31T23:59:59.999999999Z"), JsonValue.Create("0001-01-01T00:00:00Z"),
    ];

    [Fact]
    public async Task Whatever_a_field_holds_the_answer_is_clear_and_nobody_elses_node_is_touched_or_shown()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync(TestCoordinator.Quick with { RefusalBurst = 1_000_000, LoginBurst = 1_000_000, MaxPendingLogins = 20 });
        await coordinator.SetPolicyAsync("""{"tagOwners": {"tag:a": []}, "acls": [{"action": "accept", "src": ["tag:a"], "dst": ["tag:a:*"]}]}""");
        await using TestNode victim = await coordinator.JoinAsync("victim"), node = await coordinator.JoinAsync("node");
        NodeRecord before = coordinator.Tailnet.Nodes[1];
        JsonObject register = new()
        {
            ["Version"] = 130, ["NodeKey"] = node.NodeKey.ToString(), ["OldNodeKey"] = null, ["NLKey"] = null, ["Auth"] = new JsonObject { ["AuthKey"] = "x", ["Oauth2Token"] = null }, ["Expiry"] = null,
            ["Followup"] = null, ["Hostinfo"] = Hostinfo(), ["Ephemeral"] = null, ["NodeKeySignature"] = null, ["SignatureType"] = null, ["Timestamp"] = null, ["DeviceCert"] = null, ["Signature"] = null, ["Tailnet"] = null,
        };
        JsonObject map = new()
        {
            ["Version"] = 130, ["NodeKey"] = node.NodeKey.ToString(), ["DiscoKey"] = null, ["Compress"] = null, ["KeepAlive"] = null, ["Stream"] = false, ["Hostinfo"] = Hostinfo(), ["Endpoints"] = null,
            ["EndpointTypes"] = new JsonArray(2, 1), ["OmitPeers"] = true, ["ReadOnly"] = null, ["DebugFlags"] = null, ["TKAHead"] = null, ["MapSessionHandle"] = null, ["MapSessionSeq"] = null,
        };
        string[] theirs = [victim.NodeKey.ToString(), victim.Machine.PublicKey.ToString(), "victim.tail.example"];
        foreach ((string path, JsonObject request) in new[] { ("machine/register", register), ("machine/map", map) })
        {
            foreach (byte[] body in Bodies(request, victim.NodeKey.ToString()))
            {
                using System.Net.Http.HttpResponseMessage answer = await node.Client.SendAsync(System.Net.Http.HttpMethod.Post, path, body);
                int status = (int)answer.StatusCode;
                Assert.True(status is 200 or 400 or 404, $"{status} to {Shown(body)}");
                string text = status == 200 && Encoding.UTF8.GetString(body).Contains("\"Stream\":true", StringComparison.Ordinal) ? "" : await answer.Content.ReadAsStringAsync();
                Assert.All(theirs, secret => Assert.DoesNotContain(secret, text));
                Assert.True(status == 200 || text.Length is > 0 and < 500, $"{status} {text} to {Shown(body)}");
            }
        }

        NodeRecord after = coordinator.Tailnet.Nodes[1];
        Assert.Equal((before.NodeKey, before.Machine, before.Label, before.UserId, before.KeyExpiry, before.Approved), (after.NodeKey, after.Machine, after.Label, after.UserId, after.KeyExpiry, after.Approved));
        Assert.Empty(after.Endpoints);
        Assert.All(coordinator.Tailnet.Nodes.Values.Where(n => n.Id != 1), n => Assert.Equal(node.Machine.PublicKey, n.Machine));
        await using TestNode next = await coordinator.JoinAsync("still-alive");
    }

    static JsonObject Hostinfo() => new()
    {
        ["Hostname"] = "node", ["OS"] = "linux", ["IPNVersion"] = "1", ["RoutableIPs"] = null, ["RequestTags"] = null, ["Services"] = null, ["NetInfo"] = new JsonObject { ["PreferredDERP"] = 1, ["DERPLatency"] = null, ["WorkingUDP"] = null },
        ["sshHostKeys"] = null, ["Location"] = null, ["TPM"] = null, ["ShieldsUp"] = null, ["Userspace"] = null, ["WoLMACs"] = null,
    };

    // Each member of each object in turn, left out and with each kind of nonsense.
    static IEnumerable<byte[]> Bodies(JsonObject request, string victim)
    {
        foreach (string[] at in Paths(request))
        {
            JsonObject without = (JsonObject)request.DeepClone();
            Parent(without, at).Remove(at[^1]);
            yield return Text(without);
            foreach (JsonNode? value in Nonsense(victim))
            {
                JsonObject changed = (JsonObject)request.DeepClone();
                Parent(changed, at)[at[^1]] = value?.DeepClone();
                yield return Text(changed);
            }
        }
    }

    static IEnumerable<string[]> Paths(JsonObject node) => node.SelectMany(member =>
        (member.Value is JsonObject inner ? Paths(inner).Select(p => (string[])[member.Key, .. p]) : []).Prepend([member.Key]));

    static JsonObject Parent(JsonObject root, string[] path) => path[..^1].Aggregate(root, (at, name) => (JsonObject)at[name]!);

    static byte[] Text(JsonObject value) => Encoding.UTF8.GetBytes(value.ToJsonString());

    static string Shown(byte[] body) => Encoding.UTF8.GetString(body) is var text && text.Length > 300 ? text[..300] : Encoding.UTF8.GetString(body);

    [Fact]
    public async Task A_user_whose_name_changes_is_told_to_those_who_see_its_nodes()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        UserRecord ann = await coordinator.NewUserAsync("ann");
        await using Gateway a = new(coordinator, "alpha"), b = new(coordinator, "beta");
        await a.RegisterAsync(await coordinator.KeyForAsync(1));
        await b.RegisterAsync(await coordinator.KeyForAsync(ann.Id));
        a.StartMap();
        b.StartMap();
        await a.UntilAsync(m => m.Users.TryGetValue(ann.Id, out UserProfile? user) && user.DisplayName == "ann");
        await coordinator.State.ChangeAsync(edit => { edit.Put(ann with { DisplayName = "Ann Example" }); return 0; });
        await a.UntilAsync(m => m.Users[ann.Id].DisplayName == "Ann Example", "the new name");
        await b.UntilAsync(m => m.Users[ann.Id].DisplayName == "Ann Example", "the new name");
    }
}
