using System.Linq;
using System.Net;
using MeshIoT.Tailcfg;
using Xunit;
using static MeshIoT.Policy.Tests.Tailnet;

namespace MeshIoT.Policy.Tests;

/// <summary>Who sees whom, with which routes; what filters let in.</summary>
public class VisibilityTests
{
    const string Hub = $$"""
        { {{Owners}}, "groups": {"group:ops": ["ann@"]},
          "acls": [
            {"action": "accept", "src": ["tag:sensor"], "dst": ["tag:hub:8883"]},
            {"action": "accept", "src": ["group:ops"], "dst": ["*:*"]}] }
        """;

    [Fact]
    public void Without_a_policy_everybody_sees_everybody_and_an_empty_one_shows_nobody()
    {
        CompiledPolicy all = CompiledPolicy.Compile(PolicyDocument.AllowAll, Users, [Of(1, Ann), Of(2, tag: "tag:x")]);
        Assert.Equal([2], all.Peers(1));
        Assert.Equal("*", Assert.Single(Assert.Single(all.Filter(2)).DstPorts!).IP);
        CompiledPolicy none = Compile("{\"acls\": []}", Of(1, Ann), Of(2, Bob));
        Assert.Empty(none.Peers(1));
        Assert.Empty(none.Filter(1));
    }

    [Fact]
    public void Sensors_see_the_hub_and_the_operators_but_not_each_other()
    {
        CompiledPolicy compiled = Compile(Hub, Of(1, Ann), Of(2, Bob), Of(3, tag: "tag:hub"), Of(4, tag: "tag:sensor"), Of(5, tag: "tag:sensor"));
        Assert.Equal([1, 3], compiled.Peers(4));
        Assert.Equal([1, 4, 5], compiled.Peers(3));
        Assert.Equal([2, 3, 4, 5], compiled.Peers(1));
        Assert.Equal([1], compiled.Peers(2));
        Assert.True(compiled.CanSee(4, 3) && compiled.CanSee(3, 4) && !compiled.CanSee(4, 5) && !compiled.CanSee(4, 4));
        Assert.Equal(compiled.ViewClass(4), compiled.ViewClass(5));
        Assert.NotEqual(compiled.ViewClass(4), compiled.ViewClass(3));
        FilterRule rule = compiled.Filter(3)[0];
        Assert.Equal(["100.64.0.5", "100.64.0.6", "fd7a:115c:a1e0::4", "fd7a:115c:a1e0::5"], rule.SrcIPs!);
        Assert.Equal(["100.64.0.4", "fd7a:115c:a1e0::3"], rule.DstPorts!.Select(d => d.IP));
        Assert.Same(compiled.Filter(4), compiled.Filter(5));
    }

    [Fact]
    public void Peoples_own_devices_see_each_other_where_autogroup_self_says_so()
    {
        CompiledPolicy compiled = Compile("{\"acls\": [{\"action\": \"accept\", \"src\": [\"autogroup:member\"], \"dst\": [\"autogroup:self:*\"]}]}",
            Of(1, Ann), Of(2, Ann), Of(3, Bob), Of(4, Bob), Of(5, tag: "tag:x"));
        Assert.Equal([2], compiled.Peers(1));
        Assert.Equal([3], compiled.Peers(4));
        Assert.Empty(compiled.Peers(5));
        Assert.Equal(compiled.ViewClass(1), compiled.ViewClass(2));
        Assert.NotEqual(compiled.ViewClass(1), compiled.ViewClass(3));
        Assert.Equal(["100.64.0.2", "100.64.0.3", "fd7a:115c:a1e0::1", "fd7a:115c:a1e0::2"], Assert.Single(compiled.Filter(1)).SrcIPs!);
    }

    [Fact]
    public void A_route_is_shown_to_those_who_may_use_it_by_the_elected_router_only()
    {
        string policy = $$"""{ {{Owners}}, "acls": [{"action": "accept", "src": ["ann@"], "dst": ["10.1.0.0/16:*", "tag:router:22"]}, {"action": "accept", "src": ["bob@"], "dst": ["tag:router:22"]}] }""";
        PolicyNode first = Of(3, tag: "tag:router", announces: "10.0.0.0/8"), second = Of(4, tag: "tag:router", announces: "10.0.0.0/8");
        CompiledPolicy compiled = Compile(policy, Of(1, Ann), Of(2, Bob), first, second, Of(5, tag: "tag:router", announces: "10.0.0.0/8", approved: "10.2.0.0/16"));
        Assert.Equal("100.64.0.4/32 fd7a:115c:a1e0::3/128 10.0.0.0/8", Texts(compiled.AllowedIPs(1, 3)));
        Assert.Empty(compiled.RoutesOf(1, 4));
        Assert.Empty(compiled.RoutesOf(2, 3));
        Assert.Equal("10.1.0.0/16", compiled.Filter(3).SelectMany(r => r.DstPorts!).First().IP);
        Assert.DoesNotContain(compiled.Filter(5).SelectMany(r => r.DstPorts!), d => d.IP == "10.1.0.0/16");
        CompiledPolicy elected = compiled.With([first with { PrimaryRoutes = [] }, second with { PrimaryRoutes = [IPNetwork.Parse("10.0.0.0/8")] }]);
        Assert.Equal("10.0.0.0/8", Texts(elected.RoutesOf(1, 4)));
        Assert.Empty(elected.RoutesOf(1, 3));
        Assert.Empty(compiled.With([first with { PrimaryRoutes = [] }, second with { PrimaryRoutes = [] }]).RoutesOf(1, 3));
    }

    [Fact]
    public void Exit_routes_come_from_every_approved_exit_and_one_family_approves_both()
    {
        string policy = $$"""{ {{Owners}}, "acls": [{"action": "accept", "src": ["ann@"], "dst": ["autogroup:internet:*"]}] }""";
        CompiledPolicy compiled = Compile(policy, Of(1, Ann), Of(2, Bob), Of(3, tag: "tag:exit", announces: "0.0.0.0/0 ::/0", approved: "0.0.0.0/0"), Of(4, tag: "tag:exit", announces: "0.0.0.0/0 ::/0"));
        Assert.Equal([3, 4], compiled.Peers(1));
        Assert.EndsWith("0.0.0.0/0 ::/0", Texts(compiled.AllowedIPs(1, 3)));
        Assert.EndsWith("0.0.0.0/0 ::/0", Texts(compiled.AllowedIPs(1, 4)));
        Assert.Empty(compiled.Peers(2));
        Assert.Contains(compiled.Filter(3)[0].DstPorts!, d => d.IP == "8.0.0.0/7");
        Assert.DoesNotContain(compiled.Filter(3)[0].DstPorts!, d => d.IP.StartsWith("10.", System.StringComparison.Ordinal));
    }

    [Fact]
    public void Rights_follow_owners_and_approvers()
    {
        CompiledPolicy compiled = Compile("""
            { "groups": {"group:ops": ["ann@"]}, "tagOwners": {"tag:a": ["group:ops"], "tag:b": ["tag:a"], "tag:c": ["tag:c"]},
              "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:a"]}, "exitNode": ["ann@example.com"]},
              "nodeAttrs": [{"target": ["tag:a"], "attr": ["x:y"]}, {"target": ["*"], "attr": ["z"]}] }
            """, Of(1, Ann), Of(2, tag: "tag:a"));
        Assert.True(compiled.MayTag(Ann, ["tag:a", "tag:b"]));
        Assert.False(compiled.MayTag(Ann, ["tag:c"]) || compiled.MayTag(Ann, ["tag:unknown"]) || compiled.MayTag(Bob, ["tag:a"]));
        Assert.True(compiled.MayTag(["tag:a"], ["tag:a", "tag:b"]));
        Assert.False(compiled.MayTag(["tag:b"], ["tag:a"]));
        Assert.True(compiled.AutoApproves(compiled.Node(2)!, IPNetwork.Parse("10.3.0.0/16")) && compiled.AutoApproves(compiled.Node(1)!, IPNetwork.Parse("::/0")));
        Assert.False(compiled.AutoApproves(compiled.Node(2)!, IPNetwork.Parse("0.0.0.0/0")) || compiled.AutoApproves(compiled.Node(2)!, IPNetwork.Parse("192.168.0.0/16")) || compiled.AutoApproves(compiled.Node(1)!, IPNetwork.Parse("10.0.0.0/8")));
        Assert.Equal(["x:y", "z"], compiled.SelfCaps(2));
        Assert.Equal(["z"], compiled.SelfCaps(1));
    }

    [Fact]
    public void Questions_about_strangers_get_empty_answers()
    {
        CompiledPolicy compiled = Compile(Hub, Of(1, Ann));
        Assert.Empty(compiled.Peers(9));
        Assert.Empty(compiled.Filter(9));
        Assert.Empty(compiled.AllowedIPs(9, 1));
        Assert.Empty(compiled.SelfAllowedIPs(9));
        Assert.Null(compiled.Ssh(9));
        Assert.False(compiled.CanSee(1, 9));
    }
}
