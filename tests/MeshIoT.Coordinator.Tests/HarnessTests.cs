using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using MeshIoT.Control;
using MeshIoT.Tailcfg;
using Xunit;

namespace MeshIoT.Coordinator.Tests;

/// <summary>Many real clients at a real server, and an independent idea of who is to see whom.</summary>
public class HarnessTests
{
    static readonly string[] Tags = ["tag:hub", "tag:sensor", "tag:gate"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_happens_every_node_sees_exactly_those_whom_the_policy_lets_it_see(int seed)
    {
        Random random = new(seed);
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        await coordinator.NewUserAsync("ann");
        await coordinator.NewUserAsync("bob");
        PolicyModel policy = new([("*", "*")]);
        await coordinator.SetPolicyAsync(policy.Text);
        List<Gateway> gateways = [];
        try
        {
            for (int i = 0; i < 8; i++)
            {
                await JoinAsync();
            }

            await AgreeAsync("joining");
            for (int step = 0; step < 30; step++)
            {
                string what = await StepAsync();
                await AgreeAsync($"step {step}, {what}");
            }
        }
        finally
        {
            foreach (Gateway gateway in gateways)
            {
                await gateway.DisposeAsync();
            }
        }

        async Task JoinAsync()
        {
            int kind = random.Next(6);
            string key = await coordinator.KeyForAsync(kind < 3 ? kind + 1 : 1, kind < 3 ? [] : [Tags[kind - 3]]);
            Gateway gateway = new(coordinator, "pi");
            gateways.Add(gateway);
            Assert.Equal("", (await gateway.RegisterAsync(key)).Error);
            gateway.StartMap();
            await gateway.UntilAsync(m => m.Self.ID > 0);
        }

        async Task<string> StepAsync()
        {
            Gateway one = gateways[random.Next(gateways.Count)];
            switch (random.Next(9))
            {
                case 0:
                    await JoinAsync();
                    return "a join";
                case 1 when gateways.Count > 4:
                    await coordinator.State.ChangeAsync(edit => { edit.Remove(edit.Current.Nodes[one.Id]); return 0; });
                    await one.DisposeAsync();
                    gateways.Remove(one);
                    return "a removal";
                case 2:
                    await coordinator.ChangeNodeAsync(one.Id, n => n with { Label = "renamed-" + random.Next(), Renamed = true });
                    return "a new name";
                case 3:
                    ImmutableArray<string> tags = random.Next(3) == 0 ? [] : [Tags[random.Next(3)]];
                    await coordinator.ChangeNodeAsync(one.Id, n => n with { Tags = tags, UserId = tags.IsEmpty ? random.Next(1, 4) : 0 });
                    return "other tags";
                case 4 or 5:
                    policy = PolicyModel.Random(random);
                    await coordinator.SetPolicyAsync(policy.Text);
                    return "a policy: " + policy.Text;
                case 6:
                    await one.StopAsync();
                    one.Start();
                    return "a client's restart";
                case 7:
                    await coordinator.ChangeNodeAsync(one.Id, n => n with { Approved = !n.Approved });
                    return "approval";
                default:
                    if (random.Next(3) == 0)
                    {
                        await coordinator.RestartAsync();
                        return "a restart of the coordinator";
                    }

                    await coordinator.ChangeNodeAsync(one.Id, n => n with { KeyExpiry = n.KeyExpiry is null ? DateTimeOffset.UtcNow.AddSeconds(-1) : null });
                    return "expiry";
            }
        }

        async Task AgreeAsync(string after)
        {
            foreach (Gateway gateway in gateways)
            {
                await gateway.UntilAsync(m => Fits(m, coordinator.Tailnet, policy), "what is right after " + after);
            }
        }
    }

    static bool Fits(Netmap seen, Tailnet tailnet, PolicyModel policy) =>
        tailnet.Nodes.TryGetValue(seen.Self.ID, out NodeRecord? self)
        && seen.Self.Name == self.Label + ".tail.example." && seen.Self.MachineAuthorized == self.Approved && (seen.Self.Tags ?? []).SequenceEqual(self.Tags)
        && policy.Seen(tailnet, self).SequenceEqual(seen.Peers.Select(p => p.ID))
        && seen.Peers.All(p => Fits(p, tailnet.Nodes[p.ID], seen));

    static bool Fits(Peer peer, NodeRecord node, Netmap seen) =>
        peer.Name == node.Label + ".tail.example." && peer.Key == node.NodeKey && peer.Online == node.Online && peer.Tags.SequenceEqual(node.Tags)
        && peer.KeyExpiry?.ToUnixTimeSeconds() == node.KeyExpiry?.ToUnixTimeSeconds() && (node.UserId == 0 || (peer.User == node.UserId && seen.Users.ContainsKey(node.UserId)));

    [Fact]
    public async Task What_becomes_of_one_node_costs_its_viewers_and_nobody_else()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        await coordinator.SetPolicyAsync("""{"tagOwners": {"tag:hub": [], "tag:sensor": []}, "acls": [{"action": "accept", "src": ["tag:hub"], "dst": ["tag:sensor:80"]}]}""");
        List<Gateway> all = [];
        for (int i = 0; i < 24; i++)
        {
            Gateway gateway = new(coordinator, i == 0 ? "hub" : "sensor");
            all.Add(gateway);
            Assert.Equal("", (await gateway.RegisterAsync(await coordinator.KeyForAsync(1, [i == 0 ? "tag:hub" : "tag:sensor"]))).Error);
            gateway.StartMap();
        }

        foreach (Gateway gateway in all)
        {
            await gateway.UntilAsync(m => m.Peers.Count == (gateway == all[0] ? 23 : 1) && m.Peers.All(p => p.Online == true && !p.DiscoKey.IsZero));
        }

        await QuietAsync();
        (long frames, long bytes) = (coordinator.Hub.FramesSent, coordinator.Hub.BytesSent);
        await all[7].UpdateAsync("192.0.2.7:41641");
        await all[0].UntilAsync(m => m.FindPeer(all[7].Id)!.Endpoints is { Count: 1 });
        await QuietAsync();
        Assert.Equal(1, coordinator.Hub.FramesSent - frames);
        Assert.InRange(coordinator.Hub.BytesSent - bytes, 1, 100);

        // The hub is seen by all: one small frame each, made once.
        (frames, bytes) = (coordinator.Hub.FramesSent, coordinator.Hub.BytesSent);
        await all[0].UpdateAsync("192.0.2.1:41641");
        foreach (Gateway sensor in all.Skip(1))
        {
            await sensor.UntilAsync(m => m.Peers.First().Endpoints is { Count: 1 });
        }

        await QuietAsync();
        Assert.Equal(23, coordinator.Hub.FramesSent - frames);
        Assert.InRange(coordinator.Hub.BytesSent - bytes, 23, 23 * 100);

        // A flap: offline to its viewer after the grace time, and online again.
        (frames, bytes) = (coordinator.Hub.FramesSent, coordinator.Hub.BytesSent);
        long id = all[9].Id;
        await all[9].StopAsync();
        await all[0].UntilAsync(m => m.FindPeer(id)!.Online == false);
        all[9].Start();
        await all[0].UntilAsync(m => m.FindPeer(id)!.Online == true);
        await QuietAsync();
        Assert.Equal(2, coordinator.Hub.FramesSent - frames);
        Assert.InRange(coordinator.Hub.BytesSent - bytes, 2, 300);
        foreach (Gateway gateway in all)
        {
            await gateway.DisposeAsync();
        }

        // Until every change has been passed on.
        async Task QuietAsync()
        {
            long done = coordinator.Tailnet.Revision;
            while (coordinator.Hub.PassedOn < done)
            {
                await Task.Delay(5);
            }
        }
    }
}
