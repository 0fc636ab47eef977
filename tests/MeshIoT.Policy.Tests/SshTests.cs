using System;
using System.Linq;
using MeshIoT.Tailcfg;
using Xunit;
using static MeshIoT.Policy.Tests.Tailnet;

namespace MeshIoT.Policy.Tests;

/// <summary>SSH rules as nodes get them.</summary>
public class SshTests
{
    const string Policy = $$"""
        { {{Owners}}, "acls": [],
          "ssh": [
            {"action": "accept", "src": ["autogroup:member"], "dst": ["tag:hub"], "users": ["root", "autogroup:nonroot"], "acceptEnv": ["LC_*"]},
            {"action": "check", "checkPeriod": "20m", "src": ["ann@"], "dst": ["tag:hub", "autogroup:self"], "users": ["pi"]},
            {"action": "check", "checkPeriod": "always", "src": ["bob@"], "dst": ["autogroup:self"], "users": ["localpart:*@example.com"]}],
          "sshTests": [{"src": "ann@", "dst": ["tag:hub"], "accept": ["root", "x"], "check": ["pi"]}, {"src": "bob@", "dst": ["tag:sensor"], "deny": ["root"]}] }
        """;

    static CompiledPolicy Compiled() => Compile(Policy, Of(1, Ann), Of(2, Ann), Of(3, Bob), Of(4, tag: "tag:hub"), Of(5, tag: "tag:sensor"));

    [Fact]
    public void Checks_come_first_and_everybody_else_gets_the_accepts()
    {
        SshPolicy policy = Compiled().Ssh(4)!;
        Assert.Equal(2, policy.Rules!.Count);
        Assert.Equal(CompiledPolicy.SshCheckUrl, policy.Rules[0].Action!.HoldAndDelegate);
        Assert.Equal(["100.64.0.2", "100.64.0.3", "fd7a:115c:a1e0::1", "fd7a:115c:a1e0::2"], policy.Rules[0].Principals!.Select(p => p.NodeIP!));
        Assert.Equal(("", "pi"), (policy.Rules[0].SshUsers!["root"], policy.Rules[0].SshUsers!["pi"]));
        Assert.True(policy.Rules[1].Action!.Accept);
        Assert.Equal(["LC_*"], policy.Rules[1].AcceptEnv!);
        Assert.Equal(("root", "="), (policy.Rules[1].SshUsers!["root"], policy.Rules[1].SshUsers!["*"]));
        Assert.Null(Compiled().Ssh(5));
    }

    [Fact]
    public void Own_devices_take_their_owner_under_the_name_of_the_mail_address()
    {
        SshPolicy policy = Compiled().Ssh(3)!;
        Assert.Contains(policy.Rules!, r => r.SshUsers!.TryGetValue("bob", out string? local) && local == "bob");
        Assert.DoesNotContain(Compiled().Ssh(1)!.Rules!, r => r.SshUsers!.ContainsKey("bob"));
    }

    [Fact]
    public void The_shortest_check_period_counts()
    {
        CompiledPolicy compiled = Compiled();
        Assert.Equal(TimeSpan.FromMinutes(20), compiled.SshCheckPeriod(1, 4));
        Assert.Equal(TimeSpan.Zero, compiled.SshCheckPeriod(3, 3));
        Assert.Null(compiled.SshCheckPeriod(3, 4));
        Assert.Null(compiled.SshCheckPeriod(1, 9));
    }

    [Fact]
    public void Tests_of_ssh_hold_or_name_their_line()
    {
        Assert.Empty(Compiled().RunTests());
        CompiledPolicy failing = Compile(Policy.Replace("\"deny\": [\"root\"]", "\"accept\": [\"root\"]", StringComparison.Ordinal), Of(1, Ann), Of(3, Bob), Of(4, tag: "tag:hub"), Of(5, tag: "tag:sensor"));
        PolicyError failure = Assert.Single(failing.RunTests());
        Assert.Equal(6, failure.Line);
        Assert.Contains("bob@ as root should be let in at n5", failure.Message);
    }
}
