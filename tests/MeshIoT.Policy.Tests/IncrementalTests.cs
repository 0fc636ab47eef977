using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using MeshIoT.Tailcfg;
using Xunit;
using static MeshIoT.Policy.Tests.Tailnet;

namespace MeshIoT.Policy.Tests;

/// <summary>Nodes that come, change and go one by one, against compiling anew.</summary>
public class IncrementalTests
{
    const string Policy = $$"""
        { {{Owners}}, "groups": {"group:ops": ["ann@"]}, "hosts": {"cam": "100.64.0.8", "lan": "10.1.0.0/16", "part": "100.64.0.0/29"},
          "acls": [
            {"action": "accept", "src": ["tag:sensor"], "dst": ["tag:hub:8883", "lan:80"]},
            {"action": "accept", "src": ["lan"], "dst": ["tag:hub:1"]},
            {"action": "accept", "src": ["*"], "dst": ["cam:443"]},
            {"action": "accept", "src": ["part"], "dst": ["tag:exit:22", "autogroup:internet:*"]},
            {"action": "accept", "src": ["*"], "dst": ["autogroup:self:*"]}],
          "grants": [
            {"src": ["group:ops"], "dst": ["tag:router", "*"], "app": {"tailscale.com/cap/drive": [{"a": 1}] } },
            {"src": ["bob@"], "dst": ["10.0.0.0/8"], "ip": ["tcp:22"], "via": ["tag:router"]}],
          "nodeAttrs": [{"target": ["tag:exit"], "attr": ["disable-ipv4"]}],
          "ssh": [{"action": "accept", "src": ["autogroup:member"], "dst": ["tag:hub", "autogroup:self"], "users": ["localpart:*@example.com", "root"]}] }
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void One_by_one_comes_to_the_same_as_all_at_once(int seed)
    {
        Random random = new(seed);
        PolicyDocument document = Tailnet.Policy(Policy);
        Dictionary<long, PolicyNode> nodes = [];
        CompiledPolicy step = CompiledPolicy.Compile(document, Users, []);
        for (int round = 0; round < 120; round++)
        {
            List<PolicyNode> changed = [];
            List<long> removed = [];
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                long id = random.Next(1, 14);
                if (random.Next(4) == 0)
                {
                    removed.Add(id);
                    nodes.Remove(id);
                    changed.RemoveAll(c => c.Id == id);
                }
                else
                {
                    PolicyNode node = Any(random, id);
                    changed.Add(node);
                    nodes[id] = node;
                }
            }

            CompiledPolicy before = step;
            Dictionary<long, string>? old = round % 10 == 0 ? before.NodeIds().ToDictionary(i => i, i => Everything(before, i, before.NodeIds())) : null;
            step = step.With(changed, removed);
            CompiledPolicy fresh = CompiledPolicy.Compile(document, Users, [.. nodes.Values]);
            Assert.Equal(nodes.Count, step.Count);
            Assert.Equal(fresh.ClassCount, step.ClassCount);
            foreach (long id in nodes.Keys)
            {
                Assert.Equal(Everything(fresh, id, nodes.Keys), Everything(step, id, nodes.Keys));
            }

            foreach ((long id, string was) in old ?? [])
            {
                Assert.Equal(was, Everything(before, id, before.NodeIds())); // the snapshot before is as it was
            }

            foreach (IGrouping<ViewClass, long> same in nodes.Keys.GroupBy(step.ViewClass))
            {
                Assert.Single(same.Select(v => View(step, v, same)).Distinct());
            }
        }
    }

    static PolicyNode Any(Random random, long id)
    {
        PolicyNode node = random.Next(6) switch
        {
            0 => Of(id, Ann),
            1 => Of(id, Bob),
            2 => Of(id, tag: "tag:sensor"),
            3 => Of(id, tag: "tag:hub"),
            4 => Of(id, tag: "tag:router", announces: random.Next(2) == 0 ? "10.1.0.0/16" : "10.0.0.0/8 192.168.0.0/24"),
            _ => Of(id, tag: "tag:exit tag:sensor", announces: "0.0.0.0/0 ::/0", approved: random.Next(2) == 0 ? "::/0" : "10.0.0.0/8"),
        };
        return random.Next(5) == 0 ? node with { IPv4 = Of(id + 20).IPv4 } : node;
    }

    /// <summary>All that can be asked about a node, as one text.</summary>
    static string Everything(CompiledPolicy policy, long id, IEnumerable<long> all) => string.Join('\n',
        string.Join(' ', policy.Peers(id)), string.Join(' ', all.Order().Where(o => policy.CanSee(id, o))),
        string.Join(' ', policy.Peers(id).Select(p => p + ":" + Texts(policy.AllowedIPs(id, p)) + ":" + Texts(policy.RoutesOf(id, p)))),
        JsonSerializer.Serialize(policy.Filter(id), TailcfgJson.Default.IReadOnlyListFilterRule),
        JsonSerializer.Serialize(policy.Ssh(id) ?? new(), TailcfgJson.Default.SshPolicy), Texts(policy.SelfAllowedIPs(id)));

    /// <summary>What a node sees of those that are not of its class.</summary>
    static string View(CompiledPolicy policy, long id, IEnumerable<long> own)
        => string.Join(' ', policy.Peers(id).Except(own).Select(p => p + ":" + Texts(policy.AllowedIPs(id, p))));
}
