using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using MeshIoT.Health;
using Xunit;

namespace MeshIoT.Cli.Tests;

/// <summary>The commands that administrate, against a real coordinator: what they print, and how they end.</summary>
[Collection("console")]
public class CoordinatorCommandTests
{
    [Fact]
    public async Task A_key_is_created_listed_and_revoked()
    {
        using CoordinatorProcess coordinator = new();
        var (code, claim, note) = await coordinator.RunAsync("key", "create", "--tags", "sensor,barn", "--expiration", "2h", "--needs-approval", "--description", "box 12");
        Assert.Equal(0, code);
        Assert.StartsWith("MESHIOT:1/127.0.0.1:", claim, StringComparison.Ordinal);
        Assert.Contains("One-off key k1, good until", note, StringComparison.Ordinal);
        var (_, list, _) = await coordinator.RunAsync("key", "list");
        Assert.Contains("k1  one-off,needs-approval  tag:sensor,tag:barn", list, StringComparison.Ordinal);
        Assert.Equal((0, "", ""), await coordinator.RunAsync("key", "revoke", "k1"));
        Assert.Equal(ExitCodes.NotFound, (await coordinator.RunAsync("key", "revoke", "k1")).Code);
    }

    [Fact]
    public async Task Users_are_created_changed_and_deleted_after_a_yes()
    {
        using CoordinatorProcess coordinator = new();
        Assert.Equal(0, (await coordinator.RunAsync("user", "create", "ada", "--name", "Ada L.", "--role", "admin")).Code);
        Assert.Equal(ExitCodes.Failed, (await coordinator.RunAsync("user", "create", "ADA")).Code);
        Assert.Equal(0, (await coordinator.RunAsync("user", "role", "ada", "member")).Code);
        Assert.Equal(0, (await coordinator.RunAsync("user", "rename", "u2", "lovelace")).Code);
        Assert.Contains("u2  lovelace  Ada L.  member  0", (await coordinator.RunAsync("user", "list")).Out, StringComparison.Ordinal);
        var (code, _, error) = await coordinator.RunAsync("user", "delete", "lovelace");
        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains("confirmation-needed", error, StringComparison.Ordinal);
        var (missing, _, hint) = await coordinator.RunAsync("user", "delete", "lovelaec", "--yes");
        Assert.Equal(ExitCodes.NotFound, missing);
        Assert.Contains("did you mean lovelace?", hint, StringComparison.Ordinal);
        Assert.Equal(0, (await coordinator.RunAsync("user", "delete", "lovelace", "--yes")).Code);
        var (_, codeText, said) = await coordinator.RunAsync("user", "login-code", "owner");
        Assert.Matches("^[0-9A-Z]{5}-[0-9A-Z]{5}\n$", codeText);
        Assert.Contains("as owner", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_works_from_afar_by_file_and_variable_within_its_scopes()
    {
        using CoordinatorProcess coordinator = new();
        var (_, token, note) = await coordinator.RunAsync("token", "create", "--scope", "nodes:read", "keys:*", "--description", "laptop");
        Assert.StartsWith("mtok-", token, StringComparison.Ordinal);
        Assert.DoesNotContain("mtok-", note, StringComparison.Ordinal);
        string file = coordinator.PathOf("token");
        await File.WriteAllTextAsync(file, token);
        Assert.Equal(0, (await FakeAgent.RunAsync("node", "list", "--coordinator", coordinator.Url, "--token-file", file)).Code);
        var (refused, _, error) = await FakeAgent.RunAsync("user", "list", "--coordinator", coordinator.Url, "--token-file", file);
        Assert.Equal(ExitCodes.Refused, refused);
        Assert.Contains("scope-missing", error, StringComparison.Ordinal);
        var (usage, _, without) = await FakeAgent.RunAsync("node", "list", "--coordinator", coordinator.Url);
        Assert.Equal(ExitCodes.Usage, usage);
        Assert.Contains("coordinator-token-missing", without, StringComparison.Ordinal);
        Assert.Contains("t1  owner  nodes:read,keys:write", (await coordinator.RunAsync("token", "list")).Out, StringComparison.Ordinal);
        Assert.Equal(0, (await coordinator.RunAsync("token", "revoke", "t1")).Code);
        Assert.Contains("api-token-unknown", (await FakeAgent.RunAsync("node", "list", "--coordinator", coordinator.Url, "--token-file", file)).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://203.0.113.9:8080", ExitCodes.Refused, "secret-over-plain-http")]
    [InlineData("http://coord.example.net", ExitCodes.Refused, "secret-over-plain-http")]
    [InlineData("https://user:pw@coord.example.net", ExitCodes.Usage, "option-malformed")]
    [InlineData("https://coord.example.net/path", ExitCodes.Usage, "option-malformed")]
    [InlineData("http://127.0.0.1:1", ExitCodes.Unreachable, "administration-away")]
    [InlineData("/nonexistent/c.sock", ExitCodes.Unreachable, "coordinator-not-running")]
    public async Task A_coordinator_that_cannot_be_asked_is_named_before_a_token_leaves(string where, int expected, string fault)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("meshiot-cli");
        try
        {
            string file = Path.Combine(directory.FullName, "token");
            await File.WriteAllTextAsync(file, "mtok-00000000000000000000000000\n");
            var (code, output, error) = await FakeAgent.RunAsync("node", "list", "--coordinator", where, "--token-file", file);
            Assert.Equal((expected, ""), (code, output));
            Assert.Contains(fault, error, StringComparison.Ordinal);
            Assert.DoesNotContain("mtok-", error, StringComparison.Ordinal);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Settings_audit_server_routes_and_nodes_print_columns_or_json()
    {
        using CoordinatorProcess coordinator = new();
        Assert.Equal("node-approval    true\nkey-expiry-days  90\n", (await coordinator.RunAsync("settings", "set", "--node-approval", "true", "--key-expiry-days", "90")).Out);
        Assert.Equal("node-approval    true\nkey-expiry-days  90\n", (await coordinator.RunAsync("settings", "get")).Out);
        Assert.Equal(ExitCodes.Usage, (await coordinator.RunAsync("settings", "set")).Code);
        string audit = (await coordinator.RunAsync("audit", "list", "-n", "1")).Out;
        Assert.Contains("local  settings.change  settings  nodeApproval on; keyExpiryDays 0 -> 90", audit, StringComparison.Ordinal);
        Assert.Equal("settings.change", Json((await coordinator.RunAsync("audit", "list", "-n", "0", "--json")).Out).GetProperty("entries")[0].GetProperty("action").GetString());
        Assert.Contains("tailnet.internal", (await coordinator.RunAsync("server", "show")).Out, StringComparison.Ordinal);
        Assert.Equal("Node  Name  Prefix  Status\n", (await coordinator.RunAsync("route", "list")).Out);
        Assert.Equal(0, Json((await coordinator.RunAsync("node", "list", "--json")).Out).GetProperty("nodes").GetArrayLength());
        foreach (string[] command in new[]
        {
            new[] { "node", "show", "n7" }, ["node", "approve", "n7"], ["node", "rename", "n7", "x"], ["node", "tag", "n7", "x"], ["node", "move", "n7", "owner"],
            ["node", "expire", "n7", "--yes"], ["node", "extend", "n7", "--never"], ["node", "delete", "n7", "-y"], ["route", "approve", "n7", "10.0.0.0/8"], ["route", "unapprove", "n7", "exit-node", "--yes"],
        })
        {
            var (code, output, error) = await coordinator.RunAsync(command);
            Assert.Equal((ExitCodes.NotFound, ""), (code, output));
            Assert.Contains("no such node: n7", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_policy_is_tested_set_printed_and_edited()
    {
        using CoordinatorProcess coordinator = new();
        string file = coordinator.PathOf("policy.hujson");
        await File.WriteAllTextAsync(file, "{\n  // all\n  \"acls\": [{\"action\": \"drop\", \"src\": [\"*\"], \"dst\": [\"*:*\"]}],\n}\n");
        var (bad, faults, _) = await coordinator.RunAsync("policy", "test", file);
        Assert.Equal(ExitCodes.Failed, bad);
        Assert.StartsWith(file + ":3:", faults, StringComparison.Ordinal);
        var (refused, output, error) = await coordinator.RunAsync("policy", "set", file);
        Assert.Equal((ExitCodes.Usage, ""), (refused, output));
        Assert.Contains("policy-refused: The policy was not taken: line 3, column ", error, StringComparison.Ordinal);

        string good = (await File.ReadAllTextAsync(file)).Replace("drop", "accept", StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, good);
        Assert.Equal(0, (await coordinator.RunAsync("policy", "test", file)).Code);
        Assert.Equal(0, (await coordinator.RunAsync("policy", "set", file, "--yes")).Code);
        Assert.Equal(good, (await coordinator.RunAsync("policy", "get")).Out);
        Environment.SetEnvironmentVariable("VISUAL", "sed -i s/all/everything/");
        try
        {
            Assert.Equal(0, (await coordinator.RunAsync("policy", "edit")).Code);
        }
        finally
        {
            Environment.SetEnvironmentVariable("VISUAL", null);
        }

        Assert.Contains("// everything", (await coordinator.RunAsync("policy", "get")).Out, StringComparison.Ordinal);
        Assert.Contains("input-file-unreadable", (await coordinator.RunAsync("policy", "set", file + ".no")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logins_are_listed_and_an_unknown_one_is_named()
    {
        using CoordinatorProcess coordinator = new();
        Assert.Equal("ID  Host name  OS  Address  Machine  Tags  Waits\n", (await coordinator.RunAsync("login", "list")).Out);
        foreach (string[] command in new[] { new[] { "login", "approve", "x" }, ["login", "reject", "x"], ["node", "approve", "--login", "x"] })
        {
            var (code, _, error) = await coordinator.RunAsync(command);
            Assert.Equal(ExitCodes.NotFound, code);
            Assert.Contains("login-unknown", error, StringComparison.Ordinal);
        }

        Assert.Equal(ExitCodes.Usage, (await coordinator.RunAsync("node", "approve")).Code);
    }

    [Theory]
    [InlineData("node", "expire", "n7")]
    [InlineData("node", "delete", "n7")]
    [InlineData("user", "delete", "ada")]
    public async Task What_cannot_be_undone_asks_first(params string[] command)
    {
        var (code, output, error) = await FakeAgent.RunAsync([.. command, "--coordinator", "/nonexistent/c.sock"]);
        Assert.Equal((ExitCodes.Usage, ""), (code, output));
        Assert.Contains("--yes", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("key", "create")]
    [InlineData("node", "list")]
    [InlineData("node", "extend")]
    [InlineData("user", "create")]
    [InlineData("route", "approve")]
    [InlineData("token", "create")]
    [InlineData("settings", "set")]
    [InlineData("audit", "list")]
    public async Task Help_has_an_example(string group, string command)
    {
        var (code, output, _) = await FakeAgent.RunAsync(group, command, "--help");
        Assert.Equal(0, code);
        Assert.Contains($"meshiot {group} {command}", output.Split('\n').Skip(3).Aggregate("", (a, b) => a + b + "\n"), StringComparison.Ordinal);
    }

    static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
