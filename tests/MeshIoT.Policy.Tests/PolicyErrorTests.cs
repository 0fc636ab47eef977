using System.Linq;
using Xunit;

namespace MeshIoT.Policy.Tests;

/// <summary>What a policy may not say, and that the error points at it.</summary>
public class PolicyErrorTests
{
    [Theory]
    [InlineData("{\n \"alcs\": []}", 2, 2, "did you mean \"acls\"")]
    [InlineData("{\"postures\": {}}", 1, 2, "not supported")]
    [InlineData("{\"acls\": {}}", 1, 10, "list")]
    [InlineData("{\"acls\": [{\"action\": \"deny\", \"src\": [\"*\"], \"dst\": [\"*:*\"]}]}", 1, 22, "not supported")]
    [InlineData("{\"acls\": [{\"action\": \"accept\", \"src\": [\"*\"], \"dst\": [\"*\"]}]}", 1, 54, "ports")]
    [InlineData("{\"acls\": [{\"action\": \"accept\", \"src\": [\"*\"], \"dst\": [\"*:0\"]}]}", 1, 54, "above 0")]
    [InlineData("{\"acls\": [{\"action\": \"accept\", \"src\": [\"*\"], \"dst\": [\"*:90-80\"]}]}", 1, 54, "greater")]
    [InlineData("{\"acls\": [{\"action\": \"accept\", \"proto\": \"icmp\", \"src\": [\"*\"], \"dst\": [\"*:80\"]}]}", 1, 71, "no ports")]
    [InlineData("{\"acls\": [{\"action\": \"accept\", \"src\": [\"tag:nope\"], \"dst\": [\"*:*\"]}]}", 1, 40, "tag not found")]
    [InlineData("{\"acls\": [{\"action\": \"accept\", \"src\": [\"autogroup:self\"], \"dst\": [\"*:*\"]}]}", 1, 40, "src side")]
    [InlineData("{\"acls\": [{\"action\": \"accept\", \"src\": [\"autogroup:internet\"], \"dst\": [\"*:*\"]}]}", 1, 40, "cannot be used in src")]
    [InlineData("{\"acls\": [{\"action\": \"accept\", \"src\": [\"autogroup:memebr\"], \"dst\": [\"*:*\"]}]}", 1, 40, "did you mean \"autogroup:member\"")]
    [InlineData("{\"acls\": [{\"action\": \"accept\", \"src\": [\"camera\"], \"dst\": [\"*:*\"]}]}", 1, 40, "no address, user")]
    [InlineData("{\"acls\": [{\"action\": \"accept\", \"src\": [\"10.0.0.1\"], \"dst\": [\"autogroup:self:*\"]}]}", 1, 40, "autogroup:self")]
    [InlineData("{\"grants\": [{\"src\": [\"*\"], \"dst\": [\"*\"]}]}", 1, 13, "ip or app")]
    [InlineData("{\"grants\": [{\"src\": [\"*\"], \"dst\": [\"0.0.0.0/0\"], \"ip\": [\"*\"]}]}", 1, 36, "autogroup:internet")]
    [InlineData("{\"grants\": [{\"src\": [\"*\"], \"dst\": [\"*\"], \"ip\": [\"icmp\"]}]}", 1, 49, "icmp:*")]
    [InlineData("{\"grants\": [{\"src\": [\"*\"], \"dst\": [\"*\"], \"app\": {\"https://x/y\": []}}]}", 1, 50, "{domain}/{path}")]
    [InlineData("{\"grants\": [{\"src\": [\"*\"], \"dst\": [\"*\"], \"app\": {\"tailscale.com/cap/funnel\": []}}]}", 1, 50, "tailscale.com domain")]
    [InlineData("{\"grants\": [{\"src\": [\"*\"], \"dst\": [\"10.0.0.0/8\"], \"ip\": [\"*\"], \"via\": [\"autogroup:tagged\"]}]}", 1, 72, "only be a tag")]
    [InlineData("{\"groups\": {\"group:a\": [\"group:b\"]}}", 1, 25, "recursive")]
    [InlineData("{\"groups\": {\"ops\": []}}", 1, 13, "starts with")]
    [InlineData("{\"hosts\": {\"a\": \"10.0.0\"}}", 1, 17, "prefix")]
    [InlineData("{\"tagOwners\": {\"tag:1\": []}}", 1, 16, "letter")]
    [InlineData("{\"autoApprovers\": {\"routes\": {\"x\": []}}}", 1, 31, "prefix")]
    [InlineData("{\"nodeAttrs\": [{\"target\": [\"*\"], \"ipPool\": [\"10.0.0.0/8\"]}]}", 1, 45, "100.64.0.0/10")]
    [InlineData("{\"randomizeClientPort\": 1}", 1, 25, "true or false")]
    [InlineData("{\"ssh\": [{\"action\": \"accept\", \"src\": [\"*\"], \"dst\": [\"autogroup:self\"], \"users\": [\"root\"]}]}", 1, 39, "src of ssh")]
    [InlineData("{\"ssh\": [{\"action\": \"accept\", \"src\": [\"a@\"], \"dst\": [\"b@\"], \"users\": [\"root\"]}]}", 1, 54, "same user")]
    [InlineData("{\"ssh\": [{\"action\": \"check\", \"checkPeriod\": \"200h\", \"src\": [\"a@\"], \"dst\": [\"a@\"], \"users\": [\"root\"]}]}", 1, 45, "168h")]
    [InlineData("{\"tests\": [{\"src\": \"a@\", \"accept\": [\"*:*\"]}]}", 1, 37, "single port")]
    [InlineData("{\"sshTests\": [{\"src\": \"a@\", \"dst\": [\"autogroup:internet\"], \"accept\": [\"x\"]}]}", 1, 37, "cannot be used")]
    public void An_error_points_at_the_token_at_fault(string text, int line, int column, string says)
    {
        PolicyParse parse = PolicyDocument.Parse(text);
        Assert.Null(parse.Policy);
        Assert.Contains(parse.Errors, e => (e.Line, e.Column) == (line, column) && e.Message.Contains(says, System.StringComparison.Ordinal));
    }

    [Fact]
    public void All_errors_are_listed_in_order_up_to_a_bound()
    {
        string text = "{\"acls\": [" + string.Join(",\n", Enumerable.Repeat("{\"action\": \"accept\", \"src\": [\"tag:x\"], \"dst\": [\"tag:y:1\"]}", 500)) + "]}";
        PolicyParse parse = PolicyDocument.Parse(text);
        Assert.Equal(100, parse.Errors.Length);
        Assert.Equal(parse.Errors.OrderBy(e => e.Line).ThenBy(e => e.Column), parse.Errors);
    }

    [Fact]
    public void A_failing_test_names_its_line()
    {
        CompiledPolicy compiled = Tailnet.Compile($$"""
            { {{Tailnet.Owners}},
              "acls": [{"action": "accept", "src": ["ann@"], "dst": ["tag:hub:22"]}],
              "tests": [
                {"src": "ann@", "accept": ["tag:hub:22"], "deny": ["tag:hub:80"]},
                {"src": "bob@", "accept": ["tag:hub:22"]},
              ] }
            """, Tailnet.Of(1, Tailnet.Ann), Tailnet.Of(2, Tailnet.Bob), Tailnet.Of(3, tag: "tag:hub"));
        PolicyError failure = Assert.Single(compiled.RunTests());
        Assert.Equal((5, 32), (failure.Line, failure.Column));
        Assert.Contains("bob@ should reach tag:hub:22", failure.Message);
    }
}
