using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Derp;
using MeshIoT.Tailcfg;
using Xunit;

namespace MeshIoT.Coordinator.Tests;

/// <summary>The relay inside the coordinator, used by the nodes' own relay client by what their netmap says.</summary>
public class OwnRelayTests
{
    static readonly OwnRelayOptions Standard = new() { Code = "home" };

    [Fact]
    public async Task Nodes_are_told_of_the_relay_and_reach_each_other_through_it()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync(relay: Standard);
        await using Guest one = await Guest.JoinAsync(coordinator), other = await Guest.JoinAsync(coordinator);
        DerpRegion region = Assert.Single(one.Map.Regions!).Value!;
        Assert.Equal((900, "home"), (region.RegionID, region.RegionCode));
        DerpNode node = Assert.Single(region.Nodes!);
        Assert.Equal(("127.0.0.1", "127.0.0.1", "none"), (node.HostName, node.IPv4, node.IPv6));
        Assert.StartsWith("sha256-raw:", node.CertName);
        Assert.True(node.DERPPort > 0 && node.STUNPort > 0);
        await one.UntilConnectedAsync();
        await other.UntilConnectedAsync();
        await one.UntilHeardAsync(other, "hello");
        await other.UntilHeardAsync(one, "and back");
    }

    [Fact]
    public async Task Whoever_is_no_node_is_not_let_in()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync(relay: Standard);
        await using Guest node = await Guest.JoinAsync(coordinator);
        await node.UntilConnectedAsync();
        await using Guest stranger = new(node.Map, NodePrivateKey.Generate(new SystemRandomSource()));
        await stranger.UntilRefusedAsync();
        Assert.Contains("is not admitted", coordinator.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("expired")]
    [InlineData("not approved any more")]
    public async Task A_node_that_is_gone_is_put_out_at_once(string how)
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync(relay: Standard);
        await using Guest node = await Guest.JoinAsync(coordinator), other = await Guest.JoinAsync(coordinator);
        await node.UntilConnectedAsync();
        await other.UntilConnectedAsync();
        await coordinator.State.ChangeAsync(edit =>
        {
            NodeRecord record = edit.Current.FindByNodeKey(node.Key)!;
            switch (how)
            {
                case "deleted":
                    edit.Remove(record);
                    break;
                case "expired":
                    edit.Put(record with { KeyExpiry = DateTimeOffset.UtcNow.AddSeconds(-1) }, Show.Everybody);
                    break;
                default:
                    edit.Put(record with { Approved = false }, Show.Everybody);
                    break;
            }

            return 0;
        });
        await node.UntilRefusedAsync();
        Assert.Contains("connections to the relay were closed", coordinator.Log, StringComparison.Ordinal);
        Assert.True(other.IsConnected);
    }

    [Fact]
    public async Task A_restart_keeps_the_relays_key_and_certificate()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync(relay: Standard);
        await using Guest before = await Guest.JoinAsync(coordinator);
        await coordinator.RestartAsync();
        await using Guest after = await Guest.JoinAsync(coordinator);
        Assert.Equal(before.Map.Regions![900]!.Nodes![0].CertName, after.Map.Regions![900]!.Nodes![0].CertName);
    }

    [Fact]
    public void The_region_takes_a_number_that_is_free()
    {
        RelayRegion region = new("relay.example", "x", 8443, null, null, HasPort80: false);
        DerpMap others = new() { Regions = new System.Collections.Generic.Dictionary<int, DerpRegion?> { [900] = new DerpRegion { RegionID = 900 } } };
        (DerpMap map, int id) = region.AddTo(others, null);
        Assert.Equal(901, id);
        Assert.Equal([900, 901], map.Regions!.Keys.Order());
        DerpNode node = map.Regions[901]!.Nodes![0];
        Assert.Equal(("901a", "relay.example", -1), (node.Name, node.HostName, node.STUNPort));
        Assert.Null(node.IPv4);
    }

    /// <summary>A node's relay client.</summary>
    sealed class Guest : DerpReceiver, IAsyncDisposable
    {
        readonly DerpPool pool;
        readonly NodePrivateKey key;
        readonly ConcurrentBag<string> heard = [];
        Gateway? gateway;

        public Guest(DerpMap map, NodePrivateKey key)
        {
            (Map, this.key) = (map, key);
            pool = new DerpPool(new DerpPoolOptions { Key = key, Receiver = this });
            pool.SetMap(map);
            pool.SetHome(900);
        }

        public DerpMap Map { get; }

        public NodePublicKey Key => key.PublicKey;

        public bool IsConnected => pool.IsConnected(900);

        public static async Task<Guest> JoinAsync(TestCoordinator coordinator)
        {
            NodePrivateKey key = NodePrivateKey.Generate(new SystemRandomSource());
            Gateway gateway = new(coordinator, "pi") { NodeKey = key.PublicKey };
            Assert.Equal("", (await gateway.RegisterAsync(await coordinator.CreateKeyAsync())).Error);
            gateway.StartMap();
            await gateway.UntilAsync(m => m.Derp is not null);
            return new Guest(gateway.Netmap.Derp!, key) { gateway = gateway };
        }

        public override void Receive(DerpBatch batch)
        {
            foreach (DerpPacket packet in batch.Packets)
            {
                heard.Add(batch.SourceOf(packet).ToString() + System.Text.Encoding.ASCII.GetString(batch.BytesOf(packet)));
            }

            batch.Return();
        }

        public Task UntilConnectedAsync() => UntilAsync(() => IsConnected, "connected");

        public Task UntilRefusedAsync() => UntilAsync(() => !IsConnected && pool.StateOf(900)!.LastFault is not null, "refused");

        /// <summary>Says something until the other has heard it: a relay may drop.</summary>
        public Task UntilHeardAsync(Guest other, string word) => UntilAsync(
            () =>
            {
                pool.Send(900, other.Key, System.Text.Encoding.ASCII.GetBytes(word));
                return other.heard.Contains(Key.ToString() + word);
            },
            "heard");

        public async ValueTask DisposeAsync()
        {
            await pool.DisposeAsync();
            if (gateway is not null)
            {
                await gateway.DisposeAsync();
            }

            key.Dispose();
        }

        static async Task UntilAsync(Func<bool> isSo, string what)
        {
            for (int i = 0; i < 3000; i++)
            {
                if (isSo())
                {
                    return;
                }

                await Task.Delay(20);
            }

            Assert.Fail("a minute has passed, and still not " + what);
        }
    }
}
