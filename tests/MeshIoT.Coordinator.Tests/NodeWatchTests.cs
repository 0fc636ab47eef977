using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;
using Xunit;

namespace MeshIoT.Coordinator.Tests;

public sealed class NodeWatchTests : IDisposable
{
    readonly TemporaryDirectory temporary = new();
    readonly SeededRandom random = new(12);

    public void Dispose() => temporary.Dispose();

    [Fact]
    public async Task A_gateway_that_is_gone_and_a_key_that_ends_are_named_and_peoples_devices_are_not()
    {
        using StateDirectory directory = StateDirectory.Take(temporary.Of("state"));
        using Database database = Database.Open(directory.DatabasePath, random);
        await using StateWriter writer = new(database);
        int changes = 0;
        NodeWatch watch = new(writer, new CoordinatorAlerts([], TimeSpan.FromDays(7), new()), TimeProvider.System, () => changes++);
        watch.Start();
        string[] Now() => [.. watch.Faults().Select(f => f.Key + " " + f.Value.Fault.Code).Order()];

        NodeRecord gateway = await PutAsync(writer, n => n with { Label = "greenhouse", Tags = ["tag:gateway"], Mapped = true, Online = true });
        NodeRecord laptop = await PutAsync(writer, n => n with { Label = "laptop", Mapped = true });
        NodeRecord waiting = await PutAsync(writer, n => n with { Label = "waiting", Tags = ["tag:gateway"] });
        Assert.Empty(Now());
        int before = changes;
        await writer.ChangeAsync(edit => edit.Put(gateway = gateway with { Online = false, LastSeen = DateTimeOffset.UnixEpoch }, Show.Peers));
        Assert.Equal(["node:1 gateway-offline"], Now());
        Assert.Contains("greenhouse has not been heard of since 1970-01-01 00:00 UTC", watch.Faults().Single().Value.Message, StringComparison.Ordinal);
        Assert.Equal(before + 1, changes);
        await writer.ChangeAsync(edit => edit.Put(gateway with { Online = true, KeyExpiry = DateTimeOffset.UtcNow.AddDays(6) }, Show.Peers));
        Assert.Equal(["node-key:1 gateway-key-expiring"], Now());
        await writer.ChangeAsync(edit => edit.Put(gateway with { Online = true, KeyExpiry = DateTimeOffset.UtcNow.AddDays(-1) }, Show.Peers));
        Assert.Equal(["node-key:1 gateway-key-expired"], Now());
        await writer.ChangeAsync(edit =>
        {
            edit.Remove(edit.Current.Nodes[gateway.Id]);
            return gateway;
        });
        Assert.Empty(Now());
        Assert.NotEqual(laptop.Id, waiting.Id);
    }

    [Fact]
    public void The_file_says_which_nodes_and_who_is_told()
    {
        string path = temporary.Of("alerts.toml");
        File.WriteAllText(path, "offline_after = \"1h\"\ntags = [\"tag:pump\"]\n[[alerts.webhook]]\nurl = \"http://127.0.0.1/x\"\n");
        CoordinatorAlerts read = CoordinatorAlerts.Read(path);
        Assert.Equal((TimeSpan.FromHours(1), "tag:pump", TimeSpan.FromDays(7)), (read.Options.Rules.ByCode["gateway-offline"].After, read.Tags[0], read.KeyWarning));
        foreach ((string text, string code) in new[] { ("", "setting-missing"), ("[alerts]", "setting-missing"), ("ofline_after = 1\n[[alerts.webhook]]\nurl = \"http://x/\"", "setting-unknown") })
        {
            File.WriteAllText(path, text);
            Assert.Equal(code, Assert.Throws<FaultException>(() => CoordinatorAlerts.Read(path)).Report.Fault.Code);
        }
    }

    Task<NodeRecord> PutAsync(StateWriter writer, Func<NodeRecord, NodeRecord> with)
    {
        (MachinePublicKey machine, NodePublicKey nodeKey) = (MachinePrivateKey.Generate(random).PublicKey, NodePrivateKey.Generate(random).PublicKey);
        return writer.ChangeAsync(edit =>
        {
            (long id, long address) = edit.NewNode();
            return edit.Put(
                with(new NodeRecord { Id = id, Machine = machine, NodeKey = nodeKey, AddressIndex = address, Label = "x", Version = 130, Created = DateTimeOffset.UnixEpoch }),
                Show.Everybody);
        });
    }
}
