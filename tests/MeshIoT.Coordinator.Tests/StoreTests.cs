using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Provisioning;
using MeshIoT.Tailcfg;
using Microsoft.Data.Sqlite;
using Xunit;

namespace MeshIoT.Coordinator.Tests;

public sealed class StoreTests : IDisposable
{
    static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    readonly TemporaryDirectory temporary = new();
    readonly SeededRandom random = new(5);

    string Folder => temporary.Of("state");

    public void Dispose() => temporary.Dispose();

    async Task<T> With<T>(Func<StateWriter, Task<T>> use)
    {
        using StateDirectory directory = StateDirectory.Take(Folder);
        using Database database = Database.Open(directory.DatabasePath, random);
        await using StateWriter writer = new(database);
        return await use(writer);
    }

    Fault Opening()
    {
        using StateDirectory directory = StateDirectory.Take(Folder);
        return Assert.Throws<FaultException>(() => Database.Open(directory.DatabasePath, random).Load()).Report.Fault;
    }

    Task<Registration> RegisterAsync(StateWriter writer, MachinePublicKey machine, NodePublicKey nodeKey)
    {
        Claim claim = Claim.Generate(random);
        return writer.ChangeAsync(edit =>
        {
            new AuthKeyRequest(false, false, TimeSpan.FromHours(1), ["tag:a"], "the \"first\" one").Create(edit, claim, Now);
            return Registrar.Register(edit, machine, new RegisterRequest
            {
                Version = 130,
                NodeKey = nodeKey,
                Auth = new RegisterAuth { AuthKey = claim.ExportText() },
                Hostinfo = new Hostinfo { Hostname = "pi", OS = "linux", NetInfo = new NetInfo { PreferredDERP = 7 } },
            }, Now);
        });
    }

    [Fact]
    public async Task What_was_stored_is_there_again_after_a_restart_and_the_server_key_is_the_same()
    {
        (MachinePublicKey machine, NodePublicKey nodeKey) = (MachinePrivateKey.Generate(random).PublicKey, NodePrivateKey.Generate(random).PublicKey);
        Tailnet before = await With(async w =>
        {
            NodeRecord node = (await RegisterAsync(w, machine, nodeKey)).Node!;
            await w.ChangeAsync(e => { e.Put(node with { Endpoints = ["192.0.2.1:1"], LastSeen = Now, Mapped = true }, Show.Peers); return 0; });
            return w.Current;
        });
        Tailnet after = await With(w => Task.FromResult(w.Current));

        NodeRecord a = before.Nodes.Values.Single(), b = after.Nodes.Values.Single();
        Assert.Equal((a.Id, a.Machine, a.NodeKey, a.DiscoKey, a.AddressIndex, a.Label, a.Ephemeral, a.AuthKeyId), (b.Id, b.Machine, b.NodeKey, b.DiscoKey, b.AddressIndex, b.Label, b.Ephemeral, b.AuthKeyId));
        Assert.Equal((a.Mapped, a.Version, a.Created, a.KeyExpiry, a.LastSeen), (b.Mapped, b.Version, b.Created, b.KeyExpiry, b.LastSeen));
        Assert.Equal(a.Tags, b.Tags);
        Assert.Equal(a.Endpoints, b.Endpoints);
        Assert.Equal(7, b.Hostinfo.NetInfo!.PreferredDERP);
        AuthKey ka = before.AuthKeys.Values.Single(), kb = after.AuthKeys.Values.Single();
        Assert.Equal(ka with { Tags = [] }, kb with { Tags = [] });
        Assert.Equal((before.NextNodeId, before.NextAddressIndex, before.NextAuthKeyId), (after.NextNodeId, after.NextAddressIndex, after.NextAuthKeyId));

        string first = Key(), second = Key();
        Assert.Equal(first, second);

        string Key()
        {
            using StateDirectory directory = StateDirectory.Take(Folder);
            using Database database = Database.Open(directory.DatabasePath, random);
            return database.NoiseKey.PublicKey.ToString();
        }
    }

    [Fact]
    public async Task A_removed_node_stays_removed_and_its_id_and_address_are_not_given_out_again()
    {
        await With(async w =>
        {
            NodeRecord node = (await RegisterAsync(w, MachinePrivateKey.Generate(random).PublicKey, NodePrivateKey.Generate(random).PublicKey)).Node!;
            return await w.ChangeAsync(e => { e.Remove(node); return 0; });
        });
        NodeRecord next = await With(async w =>
        {
            Assert.Empty(w.Current.Nodes);
            return (await RegisterAsync(w, MachinePrivateKey.Generate(random).PublicKey, NodePrivateKey.Generate(random).PublicKey)).Node!;
        });
        Assert.Equal((2L, 2L), (next.Id, next.AddressIndex));
    }

    [Fact]
    public async Task An_operation_that_throws_leaves_no_trace_and_hurts_no_other() => await With(async w =>
    {
        Task<Registration> good = RegisterAsync(w, MachinePrivateKey.Generate(random).PublicKey, NodePrivateKey.Generate(random).PublicKey);
        Task<int> bad = w.ChangeAsync<int>(e => { e.Put(e.Current.Nodes.Values.First() with { Label = "evil" }, Show.Everybody); throw new InvalidOperationException("no"); });
        Task<Registration> alsoGood = RegisterAsync(w, MachinePrivateKey.Generate(random).PublicKey, NodePrivateKey.Generate(random).PublicKey);
        await good;
        await alsoGood;
        await Assert.ThrowsAsync<InvalidOperationException>(() => bad);
        Assert.Equal(["pi", "pi-1"], w.Current.Nodes.Values.Select(n => n.Label));
        return 0;
    });

    [Fact]
    public async Task Keys_are_stored_as_hashes_only_and_nobody_else_may_read_the_files()
    {
        Claim claim = Claim.Generate(random);
        await With(w => w.ChangeAsync(e => new AuthKeyRequest(true, false, TimeSpan.FromHours(1), [], "x").Create(e, claim, Now)));
        foreach (string file in Directory.EnumerateFiles(Folder))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            Assert.DoesNotContain(claim.ExportText(), File.ReadAllText(file, System.Text.Encoding.Latin1));
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
    }

    [Fact]
    public async Task A_damaged_database_is_named_and_left_as_it_is()
    {
        await With(async w => (await RegisterAsync(w, MachinePrivateKey.Generate(random).PublicKey, NodePrivateKey.Generate(random).PublicKey)).Node!);
        string path = Path.Combine(Folder, "coordinator.db");
        byte[] good = File.ReadAllBytes(path);
        Random flips = new(9);
        (Action<byte[]> Damage, bool MayRead)[] ways =
        [
            (b => Array.Clear(b, 0, 100), false),
            (b => "not a database"u8.CopyTo(b), false),
            (b => Array.Fill(b, (byte)0xff, 4096, b.Length - 4096), false),
            (b => Enumerable.Range(0, 40).ToList().ForEach(_ => b[flips.Next(b.Length)] ^= (byte)(1 << flips.Next(8))), true),
        ];
        foreach ((Action<byte[]> damage, bool mayRead) in ways)
        {
            byte[] bad = good.ToArray();
            damage(bad);
            File.WriteAllBytes(path, bad);
            if (!mayRead)
            {
                Assert.Same(Faults.StateCorrupted, Opening());
                Assert.Equal(bad, File.ReadAllBytes(path));
            }
            else
            {
                // Some flips hit unused bytes; what matters is that it ends in a fault or in a tailnet, nothing else.
                try
                {
                    await With(w => Task.FromResult(w.Current));
                }
                catch (FaultException e)
                {
                    Assert.Same(Faults.StateCorrupted, e.Report.Fault);
                }
            }
        }
    }

    [Fact]
    public void A_database_of_a_later_version_or_of_another_program_is_refused()
    {
        Directory.CreateDirectory(Folder);
        Run("PRAGMA user_version=99");
        Assert.Same(Faults.StateNewer, Opening());
        File.Delete(Path.Combine(Folder, "coordinator.db"));
        Run("CREATE TABLE recipes (name TEXT)");
        Assert.Same(Faults.StateCorrupted, Opening());

        void Run(string sql)
        {
            using SqliteConnection c = new($"Data Source={Path.Combine(Folder, "coordinator.db")};Pooling=False");
            c.Open();
            using SqliteCommand command = c.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }

    [Fact]
    public void A_second_coordinator_on_the_same_state_is_refused()
    {
        using StateDirectory first = StateDirectory.Take(Folder);
        Assert.Same(Faults.StateBusy, Assert.Throws<FaultException>(() => StateDirectory.Take(Folder)).Report.Fault);
    }

    [Fact]
    public void A_state_directory_that_cannot_be_made_is_named()
    {
        File.WriteAllText(temporary.Of("file"), "");
        Assert.Same(Faults.StateNotWritable, Assert.Throws<FaultException>(() => StateDirectory.Take(temporary.Of("file/state"))).Report.Fault);
    }
}
