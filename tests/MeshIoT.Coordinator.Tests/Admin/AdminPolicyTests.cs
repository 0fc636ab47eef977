using System;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Xunit;

namespace MeshIoT.Coordinator.Tests;

/// <summary>The policy over REST: versions that nobody overwrites unseen, faults with their place.</summary>
public class AdminPolicyTests
{
    const string Open = "{\\\"acls\\\": [{\\\"action\\\": \\\"accept\\\", \\\"src\\\": [\\\"*\\\"], \\\"dst\\\": [\\\"*:*\\\"]}]}";

    [Fact]
    public async Task A_policy_has_a_version_and_is_not_overwritten_by_who_started_from_another()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        using AdminClient admin = AdminClient.Local(coordinator);
        AdminAnswer none = await admin.GetAsync("/api/v1/policy");
        Assert.Equal(("0", "", "\"0\""), (none["id"], none["text"], none.Headers.ETag!.Tag));
        AdminAnswer set = await admin.SendAsync("PUT", "/api/v1/policy", $$"""{"text":"{{Open}}"}""", header: ("If-Match", "\"0\""));
        Assert.Equal((200, "1", "\"1\"", "local"), (set.Status, set["id"], set.Headers.ETag!.Tag, set["author"]));
        AdminAnswer late = await admin.SendAsync("PUT", "/api/v1/policy", $$"""{"text":"{{Open}}"}""", header: ("If-Match", "\"0\""));
        Assert.Equal((412, "policy-changed"), (late.Status, late.Code));
        Assert.Equal("2", (await admin.SendAsync("PUT", "/api/v1/policy", $$"""{"text":"{{Open}}"}""", header: ("If-Match", "*")))["id"]);
        Assert.Equal("3", (await admin.SendAsync("PUT", "/api/v1/policy", $$"""{"text":"{{Open}}"}"""))["id"]);
        foreach (string tag in new[] { "1", "W/\"1\"", "\"x\"", "\"1\", \"2\"", "\"\"", "\"-1\"" })
        {
            Assert.Equal(400, (await admin.SendAsync("PUT", "/api/v1/policy", $$"""{"text":"{{Open}}"}""", header: ("If-Match", tag))).Status);
        }

        Assert.Equal("policy.set", (await admin.GetAsync("/api/v1/audit")).Json.GetProperty("entries")[0].GetProperty("action").GetString());
    }

    [Fact]
    public async Task A_policy_with_a_fault_is_refused_with_its_line_and_column_and_changes_nothing()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        using AdminClient admin = AdminClient.Local(coordinator);
        const string Faulty = """{"text":"{\n  \"acls\": [{\"action\": \"drop\", \"src\": [\"*\"], \"dst\": [\"*:*\"]}]\n}"}""";
        AdminAnswer refused = await admin.SendAsync("PUT", "/api/v1/policy", Faulty);
        Assert.Equal((422, "policy-refused", "application/problem+json"), (refused.Status, refused.Code, refused.MediaType));
        JsonElement error = refused.Json.GetProperty("errors")[0];
        Assert.Equal(2, error.GetProperty("line").GetInt32());
        Assert.True(error.GetProperty("column").GetInt32() > 1);
        Assert.Contains("line 2, column ", refused.Message, StringComparison.Ordinal);
        AdminAnswer test = await admin.PostAsync("/api/v1/policy/test", Faulty);
        Assert.Equal((200, "False"), (test.Status, test["good"]));
        Assert.Equal(error.GetProperty("message").GetString(), test.Json.GetProperty("errors")[0].GetProperty("message").GetString());
        Assert.Equal("True", (await admin.PostAsync("/api/v1/policy/test", $$"""{"text":"{{Open}}"}"""))["good"]);
        Assert.Equal("0", (await admin.GetAsync("/api/v1/policy"))["id"]);
        JsonElement document = (await admin.GetAsync("/api/v1/openapi.json")).Json;
        Assert.Null(new SchemaCheck(document).WhatIsWrong(refused.Json, JsonDocument.Parse("""{"$ref":"#/components/schemas/PolicyProblem"}""").RootElement));
    }

    [Fact]
    public async Task A_policy_whose_own_test_fails_is_refused()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        await using TestNode node = await coordinator.JoinAsync("a");
        using AdminClient admin = AdminClient.Local(coordinator);
        AdminAnswer refused = await admin.SendAsync("PUT", "/api/v1/policy", """{"text":"{\"acls\": [], \"tests\": [{\"src\": \"owner@tail.example\", \"accept\": [\"100.64.0.1:22\"]}]}"}""");
        Assert.Equal((422, "policy-refused"), (refused.Status, refused.Code));
        Assert.Null(coordinator.Tailnet.Policy);
    }
}
