using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Tailcfg;
using Microsoft.Data.Sqlite;
using Xunit;

namespace MeshIoT.Coordinator.Tests;

/// <summary>The real program, killed with SIGKILL in the middle of registrations, again and again: what it acknowledged is there afterwards.</summary>
public sealed class KillTests : IDisposable
{
    const int MachinesPerRound = 40, AtOnce = 8, FewestRounds = 3;

    static readonly TimeSpan Budget = TimeSpan.FromSeconds(8);

    readonly TemporaryDirectory temporary = new();
    readonly Random random = new(11);

    public void Dispose() => temporary.Dispose();

    sealed record Machine(MachinePrivateKey Key, NodePublicKey NodeKey, string AuthKey);

    [Fact]
    public async Task What_was_acknowledged_survives_kill_9_and_a_lost_answer_can_be_had_again_with_the_same_one_off_key()
    {
        ConcurrentDictionary<string, Machine> acknowledged = new();
        List<Machine> unanswered = [];
        Stopwatch clock = Stopwatch.StartNew();
        int kills = 0, lost = 0, alreadyIn = 0;
        for (; clock.Elapsed < Budget || kills < FewestRounds; kills++)
        {
            using RunningCoordinator server = RunningCoordinator.Start(temporary);
            MachinePublicKey serverKey = await server.FetchKeyAsync();
            HashSet<string> there = await NodeKeysAsync();
            Assert.All(acknowledged.Keys, key => Assert.Contains(key, there));

            // A node and the line that tells of it are one transaction: neither is there without the other.
            Assert.Equal(there.Count, CountAudit("node.register"));

            // A machine that got no answer asks again: its one-off key admitted it already, or admits it now.
            foreach (Machine machine in unanswered)
            {
                alreadyIn += there.Contains(machine.NodeKey.ToString()) ? 1 : 0;
                Assert.Equal("", (await RegisterAsync(server, serverKey, machine)).Error);
                acknowledged[machine.NodeKey.ToString()] = machine;
            }

            lost += unanswered.Count;
            unanswered = await RegisterUntilKilledAsync(server, serverKey, await CreateMachinesAsync(), acknowledged);
        }

        TestContext.Current.SendDiagnosticMessage($"{kills} kills, {acknowledged.Count} acknowledged, {lost} answers lost, {alreadyIn} of them after the commit");
        Assert.NotEmpty(acknowledged);
    }

    // Several at a time, killed after some answers: others are then on the wire, in the queue, and on the way to disk.
    async Task<List<Machine>> RegisterUntilKilledAsync(RunningCoordinator server, MachinePublicKey serverKey, List<Machine> machines, ConcurrentDictionary<string, Machine> acknowledged)
    {
        int answersLeft = random.Next(5, 30);
        ConcurrentQueue<Machine> waiting = new(machines);
        ConcurrentBag<Machine> unanswered = [];
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            while (waiting.TryDequeue(out Machine? machine))
            {
                try
                {
                    Assert.Equal("", (await RegisterAsync(server, serverKey, machine)).Error);
                    acknowledged[machine.NodeKey.ToString()] = machine;
                    if (Interlocked.Decrement(ref answersLeft) == 0)
                    {
                        server.Kill();
                    }
                }
                catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
                {
                    unanswered.Add(machine);
                }
            }
        }));
        server.Kill();
        return [.. unanswered];
    }

    async Task<List<Machine>> CreateMachinesAsync()
    {
        SystemRandomSource source = new();
        using UnixHttpClient admin = Admin();
        List<Machine> machines = [];
        for (int i = 0; i < MachinesPerRound; i++)
        {
            KeyDto key = await admin.PostAsync("api/v1/keys", new CreateKeyDto(), AdminJson.Default.CreateKeyDto, AdminJson.Default.KeyDto, CancellationToken.None);
            machines.Add(new Machine(MachinePrivateKey.Generate(source), NodePrivateKey.Generate(source).PublicKey, key.Key!));
        }

        return machines;
    }

    async Task<HashSet<string>> NodeKeysAsync()
    {
        using UnixHttpClient admin = Admin();
        IReadOnlyList<NodeDto> nodes = (await admin.GetAsync("api/v1/nodes", AdminJson.Default.NodeListDto, CancellationToken.None)).Nodes;
        Assert.Equal(nodes.Count, nodes.Select(n => n.Id).Distinct().Count());
        Assert.Equal(nodes.Count, nodes.Select(n => n.Addresses[0]).Distinct().Count());
        Assert.Equal(nodes.Count, nodes.Select(n => n.Name).Distinct().Count());
        return [.. nodes.Select(n => n.NodeKey)];
    }

    static async Task<RegisterResponse> RegisterAsync(RunningCoordinator server, MachinePublicKey serverKey, Machine machine)
    {
        await using WireClient client = new(server.Listening, serverKey, machine.Key);
        return await client.RegisterAsync(new RegisterRequest { Version = 130, NodeKey = machine.NodeKey, Auth = new RegisterAuth { AuthKey = machine.AuthKey }, Hostinfo = new Hostinfo { Hostname = "pi" } });
    }

    long CountAudit(string action)
    {
        using SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = System.IO.Path.Combine(temporary.Of("state"), "coordinator.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
        connection.Open();
        using SqliteCommand count = connection.CreateCommand();
        count.CommandText = "SELECT count(*) FROM audit WHERE action = $action";
        count.Parameters.AddWithValue("$action", action);
        return (long)count.ExecuteScalar()!;
    }

    UnixHttpClient Admin() => new(temporary.Of("c.sock"), () => Faults.StateBusy.With("gone"));
}
