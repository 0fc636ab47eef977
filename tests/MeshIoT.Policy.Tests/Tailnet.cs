using System.Collections.Generic;
using System.Linq;
using System.Net;
using Xunit;

namespace MeshIoT.Policy.Tests;

/// <summary>A small tailnet for tests: ann and bob, an operator's laptop each, sensors, a hub, a router, an exit.</summary>
internal static class Tailnet
{
    public static readonly PolicyUser Ann = new(1, "ann", "ann@example.com", PolicyRole.Owner), Bob = new(2, "bob", "bob@example.com");

    public static readonly PolicyUser[] Users = [Ann, Bob];

    public const string Owners = """ "tagOwners": { "tag:sensor": ["ann@"], "tag:hub": ["ann@"], "tag:router": ["ann@"], "tag:exit": ["ann@"] } """;

    public static PolicyNode Of(long id, PolicyUser? user = null, string? tag = null, string? announces = null, string? approved = null) => new()
    {
        Id = id, Hostname = "n" + id, UserId = user?.Id, Tags = tag is null ? [] : [.. tag.Split(' ')],
        IPv4 = IPAddress.Parse($"100.64.{id / 250}.{(id % 250) + 1}"), IPv6 = IPAddress.Parse($"fd7a:115c:a1e0::{id:x}"),
        AnnouncedRoutes = Routes(announces), ApprovedRoutes = Routes(approved ?? announces),
    };

    static System.Collections.Immutable.ImmutableArray<IPNetwork> Routes(string? texts) => texts is null ? [] : [.. texts.Split(' ').Select(t => IPNetwork.Parse(t))];

    public static PolicyDocument Policy(string text)
    {
        PolicyParse parse = PolicyDocument.Parse(text);
        Assert.Empty(parse.Errors);
        return parse.Policy!;
    }

    public static CompiledPolicy Compile(string text, params PolicyNode[] nodes) => CompiledPolicy.Compile(Policy(text), Users, nodes);

    public static string Texts(IEnumerable<IPNetwork> prefixes) => string.Join(' ', prefixes);
}
