using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text.Json;
using System.Threading.Tasks;
using MeshIoT.Health;
using Xunit;

namespace MeshIoT.Coordinator.Tests;

/// <summary>Who may do what: tokens, scopes, roles, and what happens to those who guess.</summary>
public class AdminAccessTests
{
    [Fact]
    public async Task Every_operation_takes_exactly_the_tokens_that_have_its_scope()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        using AdminClient local = AdminClient.Local(coordinator);
        List<(string Method, string Path, string? Scope)> operations = AdminOperation.ReadAll((await local.GetAsync("/api/v1/openapi.json")).Json)
            .Where(o => !o.IsPublic).Select(o => (o.Method, o.Path.Replace("{", "no-", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal), o.Scope)).ToList();
        Assert.True(operations.Count > 25);
        foreach (string held in Scopes.Known)
        {
            using AdminClient remote = AdminClient.Remote(coordinator, await local.NewTokenAsync(held));
            foreach ((string method, string path, string? scope) in operations)
            {
                AdminAnswer answer = await remote.SendAsync(method, path, method is "GET" or "DELETE" ? null : "[]");
                bool expected = scope is null || held == "all" || held == scope || held == scope.Replace(":read", ":write", StringComparison.Ordinal);
                bool refused = answer.Status == 403 && answer.Code == "scope-missing";
                Assert.True(expected != refused, $"{held} at {method} {path}: {answer.Status}");
                Assert.True(refused || answer.Status is 200 or 201 or 400 or 404, $"{held} at {method} {path}: {answer.Text}");
            }
        }
    }

    [Fact]
    public async Task Without_a_token_the_network_learns_nothing_but_the_description()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        using AdminClient remote = AdminClient.Remote(coordinator);
        Assert.Equal(200, (await remote.GetAsync("/api/v1/openapi.json")).Status);
        foreach (string path in new[] { "keys", "nodes/n1", "server", "no/such/path", "", "openapi.json/" })
        {
            AdminAnswer answer = await remote.GetAsync("/api/v1/" + path);
            Assert.Equal((401, "api-token-needed", "application/problem+json"), (answer.Status, answer.Code, answer.MediaType));
            Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
        }
    }

    [Theory]
    [InlineData("mtok-00000000000000000000000000")]
    [InlineData("mtok-")]
    [InlineData("x")]
    [InlineData("mtok-0000000000000000000000000'--")]
    public async Task An_unknown_token_is_refused_and_guessing_is_slowed_down(string token)
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        using AdminClient local = AdminClient.Local(coordinator), thief = AdminClient.Remote(coordinator, token);
        Assert.Equal((401, "api-token-unknown"), await OutcomeAsync(thief));
        AdminAnswer answer = await thief.GetAsync("/api/v1/server");
        for (int i = 0; i < 100 && answer.Status == 401; i++)
        {
            answer = await thief.GetAsync("/api/v1/server");
        }

        Assert.Equal((429, "too-many-failures"), (answer.Status, answer.Code));
        Assert.True(answer.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        using AdminClient honest = AdminClient.Remote(coordinator, await local.NewTokenAsync("all"));
        Assert.Equal(200, (await honest.GetAsync("/api/v1/server")).Status);
    }

    [Fact]
    public async Task A_token_stops_when_it_is_revoked_and_when_its_time_is_over()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        using AdminClient local = AdminClient.Local(coordinator);
        using AdminClient first = AdminClient.Remote(coordinator, await local.NewTokenAsync("nodes:read"));
        using AdminClient second = AdminClient.Remote(coordinator, await local.NewTokenAsync("all", ",\"expirySeconds\":1"));
        Assert.Equal(200, (await first.GetAsync("/api/v1/nodes")).Status);
        Assert.NotEqual("", (await local.GetAsync("/api/v1/tokens/t1"))["lastUsed"]);
        Assert.Equal(204, (await local.SendAsync("DELETE", "/api/v1/tokens/t1")).Status);
        Assert.Equal((401, "api-token-unknown"), await OutcomeAsync(first));

        (int Status, string Code) outcome = (0, "");
        for (DateTime limit = DateTime.UtcNow.AddSeconds(30); outcome.Status != 401 && DateTime.UtcNow < limit; await Task.Delay(100))
        {
            AdminAnswer answer = await second.GetAsync("/api/v1/server");
            outcome = (answer.Status, answer.Status == 200 ? "" : answer.Code);
        }

        Assert.Equal((401, "api-token-expired"), outcome);
    }

    [Fact]
    public async Task A_token_is_stored_as_a_hash_and_shown_once()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        using AdminClient local = AdminClient.Local(coordinator);
        string token = await local.NewTokenAsync("all");
        Assert.Matches("^mtok-[0-9A-HJKMNP-TV-Z]{26}$", token);
        Assert.DoesNotContain(token[5..], (await local.GetAsync("/api/v1/tokens")).Text + (await local.GetAsync("/api/v1/tokens/t1")).Text + (await local.GetAsync("/api/v1/audit")).Text + coordinator.Log, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(ApiTokenText.HashOf(token), coordinator.Tailnet.ApiTokens[1].Hash);
        using AdminClient lower = AdminClient.Remote(coordinator, token.ToLowerInvariant());
        Assert.Equal(200, (await lower.GetAsync("/api/v1/server")).Status);
    }

    [Fact]
    public async Task Nobody_makes_a_token_that_may_do_more_than_itself()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        using AdminClient local = AdminClient.Local(coordinator);
        using AdminClient remote = AdminClient.Remote(coordinator, await local.NewTokenAsync("tokens:write,nodes:read"));
        Assert.Equal(201, (await remote.PostAsync("/api/v1/tokens", """{"scopes":["nodes:read"]}""")).Status);
        foreach (string scope in new[] { "all", "nodes:write", "nodes:*", "users:read" })
        {
            AdminAnswer answer = await remote.PostAsync("/api/v1/tokens", $$"""{"scopes":["{{scope}}"]}""");
            Assert.Equal((403, "scope-missing"), (answer.Status, answer.Code));
        }

        Assert.Equal("token t1", (await local.GetAsync("/api/v1/audit?limit=1")).Json.GetProperty("entries")[0].GetProperty("actor").GetString());
        Assert.Equal(400, (await local.PostAsync("/api/v1/tokens", """{"scopes":[]}""")).Status);
        Assert.Equal(400, (await local.PostAsync("/api/v1/tokens", """{"scopes":["everything"]}""")).Status);
        Assert.Equal("[\"nodes:write\",\"audit:read\"]", (await local.PostAsync("/api/v1/tokens", """{"scopes":["nodes:*","audit:*","nodes:*"]}"""))["scopes"]);
    }

    [Fact]
    public async Task An_admin_touches_no_owner_and_a_member_nothing()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        using AdminClient local = AdminClient.Local(coordinator);
        await local.PostAsync("/api/v1/users", """{"login":"ada","role":"admin"}""");
        await local.PostAsync("/api/v1/users", """{"login":"bob"}""");
        using AdminClient admin = AdminClient.Remote(coordinator, await local.NewTokenAsync("all", ",\"user\":\"ada\""));
        foreach ((string method, string path, string? body) in new[]
        {
            ("PATCH", "/api/v1/users/u1", "{\"displayName\":\"x\"}"), ("PATCH", "/api/v1/users/ada", "{\"role\":\"owner\"}"), ("POST", "/api/v1/users", "{\"login\":\"eve\",\"role\":\"owner\"}"),
            ("POST", "/api/v1/tokens", "{\"scopes\":[\"all\"],\"user\":\"owner\"}"), ("POST", "/api/v1/users/owner/login-codes", null), ("POST", "/api/v1/keys", "{\"user\":\"owner\"}"),
        })
        {
            AdminAnswer answer = await admin.SendAsync(method, path, body);
            Assert.Equal((403, "role-too-low"), (answer.Status, answer.Code));
        }

        Assert.Equal(201, (await admin.PostAsync("/api/v1/users/bob/login-codes")).Status);
        Assert.Equal(409, (await local.PostAsync("/api/v1/tokens", """{"scopes":["all"],"user":"bob"}""")).Status);
        await local.SendAsync("PATCH", "/api/v1/users/ada", """{"role":"member"}""");
        AdminAnswer demoted = await admin.GetAsync("/api/v1/server");
        Assert.Equal((403, "role-too-low"), (demoted.Status, demoted.Code));
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("192.168.1.7", true)]
    [InlineData("::1", true)]
    [InlineData("fd00::7", true)]
    [InlineData("::ffff:10.0.0.1", true)]
    [InlineData("203.0.113.9", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("100.64.0.9", false)]
    public void A_secret_in_the_clear_is_taken_from_private_addresses_only(string address, bool taken)
    {
        Exception? refused = Record.Exception(() => TokenGate.DemandPrivacy(IPAddress.Parse(address), isSecure: false));
        Assert.Equal(taken ? null : "secret-over-plain-http", (refused as FaultException)?.Report.Fault.Code);
        TokenGate.DemandPrivacy(IPAddress.Parse(address), isSecure: true);
    }

    [Fact]
    public void Failures_are_counted_per_address_forgiven_with_time_and_bounded_in_number()
    {
        ManualTime time = new(new(2026, 11, 25, 0, 0, 0, TimeSpan.Zero));
        FailureGate gate = new(3, TimeSpan.FromSeconds(30), time);
        IPAddress thief = IPAddress.Parse("2001:db8::1"), neighbour = IPAddress.Parse("2001:db8::2"), other = IPAddress.Parse("2001:db8:1::1");
        for (int i = 0; i < 3; i++)
        {
            Assert.False(gate.IsShut(thief));
            gate.Count(thief);
        }

        Assert.True(gate.IsShut(thief) && gate.IsShut(neighbour));
        Assert.False(gate.IsShut(other));
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.False(gate.IsShut(thief));
        for (int i = 0; i < 20_000; i++)
        {
            gate.Count(new IPAddress([10, 0, (byte)(i >> 8), (byte)i]));
        }

        Assert.True(gate.IsShut(IPAddress.Parse("203.0.113.1")), "beyond the remembered ones all share a count");
    }

    static async Task<(int Status, string Code)> OutcomeAsync(AdminClient client)
    {
        AdminAnswer answer = await client.GetAsync("/api/v1/server");
        return (answer.Status, answer.Code);
    }
}
