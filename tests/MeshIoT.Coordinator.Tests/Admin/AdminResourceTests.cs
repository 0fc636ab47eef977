using System;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Xunit;

namespace MeshIoT.Coordinator.Tests;

/// <summary>What each resource of the administration does, asked over the local socket.</summary>
public class AdminResourceTests
{
    [Fact]
    public async Task A_key_is_shown_once_and_tells_whose_it_is_and_what_it_does()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        using AdminClient admin = AdminClient.Local(coordinator);
        await admin.PostAsync("/api/v1/users", """{"login":"ada"}""");
        AdminAnswer made = await admin.PostAsync("/api/v1/keys", """{"user":"ADA","preapproved":false,"reusable":true,"description":"shed"}""");
        Assert.Equal((201, "ada", "False", "True"), (made.Status, made["user"], made["preapproved"], made["reusable"]));
        Assert.Equal("no-store", made.Headers.CacheControl!.ToString());
        AdminAnswer again = await admin.GetAsync("/api/v1/keys/" + made["id"]);
        Assert.Equal(("", "", "shed"), (again["key"], again["claim"], again["description"]));
        Assert.Equal(204, (await admin.SendAsync("DELETE", "/api/v1/keys/" + made["id"])).Status);
        Assert.Equal((404, "admin-not-found"), Outcome(await admin.GetAsync("/api/v1/keys/" + made["id"])));
        Assert.Equal((404, "admin-not-found"), Outcome(await admin.PostAsync("/api/v1/keys", """{"user":"nobody"}""")));
    }

    [Fact]
    public async Task A_node_is_found_by_id_label_and_full_name_and_a_slip_of_the_finger_gets_a_hint()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        await using TestNode node = await coordinator.JoinAsync("greenhouse");
        using AdminClient admin = AdminClient.Local(coordinator);
        foreach (string name in new[] { "n1", "greenhouse", "GreenHouse", "greenhouse.tail.example", "greenhouse.tail.example." })
        {
            Assert.Equal("n1", (await admin.GetAsync("/api/v1/nodes/" + name))["id"]);
        }

        AdminAnswer missing = await admin.GetAsync("/api/v1/nodes/grenhouse");
        Assert.Equal(404, missing.Status);
        Assert.Contains("did you mean greenhouse?", missing.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("did you mean", (await admin.GetAsync("/api/v1/nodes/barn")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_is_renamed_tagged_and_moved_and_each_change_is_in_the_audit_log()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        await using TestNode node = await coordinator.JoinAsync("alpha");
        await using TestNode other = await coordinator.JoinAsync("beta");
        using AdminClient admin = AdminClient.Local(coordinator);
        await admin.PostAsync("/api/v1/users", """{"login":"ada"}""");
        Assert.Equal("barn.tail.example", (await admin.SendAsync("PATCH", "/api/v1/nodes/alpha", """{"name":"barn"}"""))["name"]);
        Assert.True(coordinator.Tailnet.Nodes[1].Renamed);
        Assert.Equal((409, "admin-conflict"), Outcome(await admin.SendAsync("PATCH", "/api/v1/nodes/barn", """{"name":"beta"}""")));
        AdminAnswer tagged = await admin.SendAsync("PATCH", "/api/v1/nodes/barn", """{"tags":["tag:sensor"]}""");
        Assert.Equal(("", "[\"tag:sensor\"]"), (tagged["user"], tagged["tags"]));
        Assert.Equal(0, coordinator.Tailnet.Nodes[1].UserId);
        Assert.Equal(400, (await admin.SendAsync("PATCH", "/api/v1/nodes/barn", """{"tags":[]}""")).Status);
        Assert.Equal(400, (await admin.SendAsync("PATCH", "/api/v1/nodes/barn", """{"tags":["tag:a"],"user":"ada"}""")).Status);
        Assert.Equal(400, (await admin.SendAsync("PATCH", "/api/v1/nodes/barn", "{}")).Status);
        AdminAnswer moved = await admin.SendAsync("PATCH", "/api/v1/nodes/barn", """{"tags":[],"user":"ada"}""");
        Assert.Equal(("ada", "[]"), (moved["user"], moved["tags"]));
        Assert.Equal("alpha.tail.example", (await admin.SendAsync("PATCH", "/api/v1/nodes/barn", """{"name":""}"""))["name"]);

        string[] log = [.. (await admin.GetAsync("/api/v1/audit")).Json.GetProperty("entries").EnumerateArray()
            .Where(e => e.GetProperty("action").GetString() == "node.change").Select(e => e.GetProperty("detail").GetString()!)];
        Assert.Equal(["name barn -> alpha", "now of ada", "tags none -> tag:sensor", "name alpha -> barn"], log);
    }

    [Fact]
    public async Task A_node_is_expired_comes_back_at_a_time_and_never_expires_again()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        await using TestNode node = await coordinator.JoinAsync("alpha");
        using AdminClient admin = AdminClient.Local(coordinator);
        Assert.Equal("True", (await admin.PostAsync("/api/v1/nodes/alpha/expire"))["expired"]);
        Assert.Equal("False", (await admin.SendAsync("PUT", "/api/v1/nodes/alpha/expiry", """{"expirySeconds":3600}"""))["expired"]);
        Assert.Equal("2030-01-02T03:04:05+00:00", (await admin.SendAsync("PUT", "/api/v1/nodes/alpha/expiry", """{"expires":"2030-01-02T03:04:05Z"}"""))["expires"]);
        Assert.Equal("", (await admin.SendAsync("PUT", "/api/v1/nodes/alpha/expiry", """{"never":true}"""))["expires"]);
        foreach (string bad in new[] { "{}", """{"never":false}""", """{"never":true,"expirySeconds":5}""", """{"expirySeconds":0}""", """{"expirySeconds":-1}""", """{"expires":"2001-01-01T00:00:00Z"}""", """{"expires":"9999-01-01T00:00:00Z"}""" })
        {
            Assert.Equal(400, (await admin.SendAsync("PUT", "/api/v1/nodes/alpha/expiry", bad)).Status);
        }
    }

    [Fact]
    public async Task Nodes_are_filtered_and_paged()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        string key = await coordinator.CreateKeyAsync(reusable: true), tagged = await coordinator.CreateKeyAsync(tags: ["tag:sensor"]);
        await using TestNode a = await coordinator.JoinAsync("a", key), b = await coordinator.JoinAsync("b", key), c = await coordinator.JoinAsync("c", tagged);
        using AdminClient admin = AdminClient.Local(coordinator);
        Assert.Equal("n3", Ids(await admin.GetAsync("/api/v1/nodes?tag=tag:sensor"), "nodes"));
        Assert.Equal("n1 n2", Ids(await admin.GetAsync("/api/v1/nodes?user=owner"), "nodes"));
        Assert.Equal("n2", Ids(await admin.GetAsync("/api/v1/nodes?name=B"), "nodes"));
        Assert.Equal("", Ids(await admin.GetAsync("/api/v1/nodes?approved=false"), "nodes"));
        AdminAnswer first = await admin.GetAsync("/api/v1/nodes?limit=2");
        Assert.Equal(("n1 n2", "2"), (Ids(first, "nodes"), first["nextCursor"]));
        AdminAnswer second = await admin.GetAsync("/api/v1/nodes?limit=2&cursor=2");
        Assert.Equal(("n3", ""), (Ids(second, "nodes"), second["nextCursor"]));
        foreach (string query in new[] { "limit=0", "limit=1001", "limit=x", "limit=1&limit=2", "cursor=-1", "cursor=n3", "online=yes" })
        {
            Assert.Equal((400, "admin-request-invalid"), Outcome(await admin.GetAsync("/api/v1/nodes?" + query)));
        }
    }

    [Fact]
    public async Task A_route_is_approved_and_taken_back_and_exit_routes_go_together()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        await using TestNode node = await coordinator.JoinAsync("gate");
        using AdminClient admin = AdminClient.Local(coordinator);
        AdminAnswer approved = await admin.PostAsync("/api/v1/routes/approve", """{"node":"gate","prefix":"192.168.7.0/24"}""");
        JsonElement route = approved.Json.GetProperty("routes")[0];
        Assert.Equal(("192.168.7.0/24", true, false), (route.GetProperty("prefix").GetString(), route.GetProperty("approved").GetBoolean(), route.GetProperty("announced").GetBoolean()));
        Assert.Equal(3, (await admin.PostAsync("/api/v1/routes/approve", """{"node":"gate","prefix":"::/0"}""")).Json.GetProperty("routes").GetArrayLength());
        Assert.Equal(1, (await admin.PostAsync("/api/v1/routes/unapprove", """{"node":"gate","prefix":"0.0.0.0/0"}""")).Json.GetProperty("routes").GetArrayLength());
        Assert.Equal(404, (await admin.PostAsync("/api/v1/routes/unapprove", """{"node":"gate","prefix":"10.0.0.0/8"}""")).Status);
        Assert.Equal(1, (await admin.GetAsync("/api/v1/routes?node=gate&approved=true")).Json.GetProperty("routes").GetArrayLength());
        foreach (string prefix in new[] { "192.168.7.1/24", "192.168.7.0", "x", "", "192.168.7.0/33", "fe80::1%eth0/64" })
        {
            Assert.Equal(400, (await admin.PostAsync("/api/v1/routes/approve", $$"""{"node":"gate","prefix":"{{prefix}}"}""")).Status);
        }
    }

    [Fact]
    public async Task A_user_is_deleted_only_when_it_owns_nothing_and_the_first_one_never()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        using AdminClient admin = AdminClient.Local(coordinator);
        Assert.Equal(201, (await admin.PostAsync("/api/v1/users", """{"login":"ada@example.net","displayName":"Ada L."}""")).Status);
        Assert.Equal((409, "admin-conflict"), Outcome(await admin.PostAsync("/api/v1/users", """{"login":"ADA@example.net"}""")));
        await admin.PostAsync("/api/v1/keys", """{"user":"u2"}""");
        Assert.Contains("1 auth keys", (await admin.SendAsync("DELETE", "/api/v1/users/u2")).Message, StringComparison.Ordinal);
        await admin.SendAsync("DELETE", "/api/v1/keys/k1");
        Assert.Equal("admin", (await admin.SendAsync("PATCH", "/api/v1/users/u2", """{"role":"admin","login":"ada"}"""))["role"]);
        Assert.Equal(204, (await admin.SendAsync("DELETE", "/api/v1/users/ada")).Status);
        Assert.Equal(409, (await admin.SendAsync("DELETE", "/api/v1/users/owner")).Status);
        Assert.Equal(409, (await admin.SendAsync("PATCH", "/api/v1/users/u1", """{"role":"member"}""")).Status);
        foreach (string login in new[] { "", "u7", "-x", "a b", "tagged-devices", new string('x', 65), "ä" })
        {
            Assert.Equal(400, (await admin.PostAsync("/api/v1/users", $$"""{"login":"{{login}}"}""")).Status);
        }
    }

    [Fact]
    public async Task Settings_users_tokens_and_the_log_survive_a_restart()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        using (AdminClient admin = AdminClient.Local(coordinator))
        {
            Assert.Equal("90", (await admin.SendAsync("PATCH", "/api/v1/settings", """{"keyExpiryDays":90}"""))["keyExpiryDays"]);
            Assert.Equal("True", (await admin.SendAsync("PATCH", "/api/v1/settings", """{"nodeApproval":true}"""))["nodeApproval"]);
            Assert.Equal(400, (await admin.SendAsync("PATCH", "/api/v1/settings", """{"keyExpiryDays":-1}""")).Status);
            Assert.Equal(400, (await admin.SendAsync("PATCH", "/api/v1/settings", "{}")).Status);
            await admin.PostAsync("/api/v1/users", """{"login":"ada"}""");
        }

        await coordinator.RestartAsync();
        using AdminClient after = AdminClient.Local(coordinator);
        AdminAnswer settings = await after.GetAsync("/api/v1/settings");
        Assert.Equal(("True", "90"), (settings["nodeApproval"], settings["keyExpiryDays"]));
        AdminAnswer log = await after.GetAsync("/api/v1/audit?limit=2");
        Assert.Equal("user.create settings.change", string.Join(' ', log.Json.GetProperty("entries").EnumerateArray().Select(e => e.GetProperty("action").GetString())));
        AdminAnswer rest = await after.GetAsync("/api/v1/audit?limit=2&cursor=" + log["nextCursor"]);
        Assert.Equal("keyExpiryDays 0 -> 90", rest.Json.GetProperty("entries")[0].GetProperty("detail").GetString());
        Assert.Equal("local", rest.Json.GetProperty("entries")[0].GetProperty("actor").GetString());
    }

    static (int Status, string Code) Outcome(AdminAnswer answer) => (answer.Status, answer.Code);

    static string Ids(AdminAnswer answer, string list) => string.Join(' ', answer.Json.GetProperty(list).EnumerateArray().Select(e => e.GetProperty("id").GetString()));
}
