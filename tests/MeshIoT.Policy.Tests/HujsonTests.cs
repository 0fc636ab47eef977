using System;
using System.Linq;
using MeshIoT.Policy.Hujson;
using Xunit;

namespace MeshIoT.Policy.Tests;

/// <summary>The reader of JSON with comments.</summary>
public class HujsonTests
{
    [Fact]
    public void Comments_and_trailing_commas_are_read_over()
    {
        HujsonValue? value = HujsonParser.Parse("// a\n{ /* b\n */ \"x\": [1, \"\\u00e9\\n\",], // c\n}", out PolicyError? error);
        Assert.Null(error);
        Assert.Equal("{\"x\":[1,\"\u00e9\\n\"]}", value!.ToJson().GetRawText().Replace("\\u00E9", "\u00e9", StringComparison.Ordinal));
        Assert.Equal(new TextPosition(3, 5), value.Members[0].At);
    }

    [Theory]
    [InlineData("", 1, 1, "ends where a value")]
    [InlineData("{\n  \"a\": 1\n  \"b\": 2\n}", 3, 3, "','")]
    [InlineData("{\"a\": 1, \"a\": 2}", 1, 10, "twice")]
    [InlineData("{\"a\": [1, 2}", 1, 12, "]")]
    [InlineData("{\"a\"", 1, 5, "':'")]
    [InlineData("[01]", 1, 2, "number")]
    [InlineData("[1.]", 1, 2, "number")]
    [InlineData("[\"a\nb\"]", 1, 2, "line end")]
    [InlineData("[\"a", 1, 2, "quote")]
    [InlineData("[\"\\x\"]", 1, 5, "escape")]
    [InlineData("[\"\\ud800\"]", 1, 2, "surrogate")]
    [InlineData("{} x", 1, 4, "after the end")]
    [InlineData("/* x", 1, 1, "*/")]
    [InlineData("{'a': 1}", 1, 2, "quotes")]
    [InlineData("[,]", 1, 2, "value")]
    public void Every_error_says_where(string text, int line, int column, string says)
    {
        Assert.Null(HujsonParser.Parse(text, out PolicyError? error));
        Assert.Equal((line, column), (error!.Line, error.Column));
        Assert.Contains(says, error.Message);
    }

    [Fact]
    public void Depth_and_size_are_bounded()
    {
        Assert.Null(HujsonParser.Parse(new string('[', 100_000), out PolicyError? deep));
        Assert.Contains("deeper", deep!.Message);
        Assert.Null(HujsonParser.Parse(new string(' ', HujsonParser.MaxLength + 1), out PolicyError? large));
        Assert.Contains("characters", large!.Message);
        Assert.Null(HujsonParser.Parse("[" + string.Join(',', Enumerable.Repeat("1", HujsonParser.MaxValues + 1)) + "]", out PolicyError? many));
        Assert.Contains("values", many!.Message);
    }

    [Fact]
    public void Hostile_texts_end_in_an_error_or_a_document_never_in_an_exception()
    {
        const string good = """
            { // everything
              "groups": {"group:ops": ["ann@", "bob@example.com"]}, "hosts": {"cam": "10.0.0.9", "net": "10.0.0.0/8"},
              "tagOwners": {"tag:a": ["group:ops"], "tag:b": ["tag:a"]},
              "acls": [{"action": "accept", "proto": "tcp", "src": ["group:ops", "*"], "dst": ["tag:a:22,80-90", "net:*", "[fd7a:115c:a1e0::1]:1"]}],
              "grants": [{"src": ["tag:a"], "dst": ["tag:b", "autogroup:internet"], "ip": ["udp:53", "*"], "via": ["tag:b"]}, {"src": ["*"], "dst": ["*"], "app": {"example.com/cap/x": [{"a": [1e3, null]}]}}],
              "ssh": [{"action": "check", "checkPeriod": "1h30m", "src": ["autogroup:member"], "dst": ["autogroup:self", "tag:a"], "users": ["root", "localpart:*@example.com"], "acceptEnv": ["LC_*"]}],
              "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:a"]}, "exitNode": ["group:ops"]},
              "nodeAttrs": [{"target": ["*"], "attr": ["funnel"], "ipPool": ["100.80.0.0/16"]}], "randomizeClientPort": true,
              "tests": [{"src": "ann@", "accept": ["tag:a:22"], "deny": ["cam:1"]}], "sshTests": [{"src": "ann@", "dst": ["tag:a"], "accept": ["root"], "check": ["x"]}],
            }
            """;
        Assert.Empty(PolicyDocument.Parse(good).Errors);
        Random random = new(20);
        for (int round = 0; round < 6000; round++)
        {
            char[] text = good.ToCharArray();
            for (int i = random.Next(1, 5); i > 0; i--)
            {
                text[random.Next(text.Length)] = random.Next(3) == 0 ? (char)random.Next(0x10000) : "{}[]\",:/*\\ 0-9tag@."[random.Next(19)];
            }

            PolicyParse parse = PolicyDocument.Parse(new string(text, 0, random.Next(4) == 0 ? random.Next(text.Length) : text.Length));
            Assert.NotEqual(parse.Policy is null, parse.Errors.IsEmpty);
            Assert.All(parse.Errors, e => Assert.True(e.Line > 0 && e.Column > 0));
            if (parse.Policy is { } policy)
            {
                CompiledPolicy compiled = CompiledPolicy.Compile(policy, Tailnet.Users, [Tailnet.Of(1, Tailnet.Ann), Tailnet.Of(2, tag: "tag:a", announces: "10.0.0.0/8 0.0.0.0/0")]);
                _ = compiled.RunTests();
                _ = (compiled.Filter(1), compiled.Filter(2), compiled.Ssh(2), compiled.AllowedIPs(1, 2));
            }
        }
    }
}
