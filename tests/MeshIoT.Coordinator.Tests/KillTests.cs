using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Tailcfg;
using Xunit;

namespace MeshIoT.Coordinator.Tests;

/// <summary>The real program, killed with SIGKILL in the middle of registrations, again and again: what it acknowledged is there afterwards.</summary>
public sealed class KillTests : IDisposable
{
    static readonly TimeSpan Budget = TimeSpan.FromSeconds(10);

    readonly TemporaryDirectory temporary = new();
    readonly Dictionary<NodePublicKey, Machine> acknowledged = [];

    public void Dispose() => temporary.Dispose();

    sealed record Machine(MachinePrivateKey Key, NodePublicKey NodeKey, string AuthKey);

    [Fact]
    public async Task What_was_acknowledged_survives_kill_9_and_a_lost_answer_can_be_had_again_with_the_same_one_off_key()
    {
        Random random = new(11);
        Stopwatch clock = Stopwatch.StartNew();
        int kills = 0, retried = 0;
        List<Machine> unanswered = [];
        for (; clock.Elapsed < Budget || kills < 2; kills++)
        {
            using Process server = Start(out IPEndPoint listening);
            MachinePublicKey serverKey = await ServerKeyAsync(listening);

            // Every machine that got no answer tries again: its key admitted it already, or admits it now.
            foreach (Machine machine in unanswered)
            {
                Assert.Equal("", (await RegisterAsync(listening, serverKey, machine)).Error);
                acknowledged[machine.NodeKey] = machine;
                retried++;
            }

            unanswered.Clear();
            await AssertAllThereAsync();
            TaskCompletionSource enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Task killer = KillAsync(server, enough.Task, TimeSpan.FromMilliseconds(random.NextDouble() * 20));
            await RegisterUntilDeadAsync(listening, serverKey, unanswered, random.Next(1, 10), enough);
            await killer;
            await server.WaitForExitAsync();
        }

        TestContext.Current.SendDiagnosticMessage($"{kills} kills, {acknowledged.Count} registrations acknowledged, {retried} retried after a lost answer");
        Assert.NotEmpty(acknowledged);
    }

    // Right after an answer, or a moment later, in the middle of the next.
    static async Task KillAsync(Process server, Task enough, TimeSpan later)
    {
        await enough;
        await Task.Delay(later);
        server.Kill();
    }

    async Task RegisterUntilDeadAsync(IPEndPoint listening, MachinePublicKey serverKey, List<Machine> unanswered, int answers, TaskCompletionSource enough)
    {
        for (int answered = 0; ; answered++)
        {
            if (answered == answers)
            {
                enough.SetResult();
            }

            string authKey;
            try
            {
                using UnixHttpClient admin = Admin();
                authKey = (await admin.PostAsync("api/v1/keys", new CreateKeyDto(), AdminJson.Default.CreateKeyDto, AdminJson.Default.KeyDto, CancellationToken.None)).Key!;
            }
            catch (FaultException)
            {
                return;
            }

            SystemRandomSource random = new();
            Machine machine = new(MachinePrivateKey.Generate(random), NodePrivateKey.Generate(random).PublicKey, authKey);
            try
            {
                Assert.Equal("", (await RegisterAsync(listening, serverKey, machine)).Error);
                acknowledged[machine.NodeKey] = machine;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or System.Net.Sockets.SocketException)
            {
                unanswered.Add(machine);
                return;
            }
        }
    }

    async Task AssertAllThereAsync()
    {
        using UnixHttpClient admin = Admin();
        NodeListDto list = await admin.GetAsync("api/v1/nodes", AdminJson.Default.NodeListDto, CancellationToken.None);
        HashSet<string> keys = [], ids = [], addresses = [], names = [];
        foreach (NodeDto node in list.Nodes)
        {
            Assert.True(keys.Add(node.NodeKey) && ids.Add(node.Id) && addresses.Add(node.Addresses[0]) && names.Add(node.Name));
        }

        Assert.All(acknowledged.Keys, key => Assert.Contains(key.ToString(), keys));
    }

    static async Task<RegisterResponse> RegisterAsync(IPEndPoint listening, MachinePublicKey serverKey, Machine machine)
    {
        await using WireClient client = new(listening, serverKey, machine.Key);
        return await client.RegisterAsync(new RegisterRequest { Version = 130, NodeKey = machine.NodeKey, Auth = new RegisterAuth { AuthKey = machine.AuthKey }, Hostinfo = new Hostinfo { Hostname = "pi" } });
    }

    static async Task<MachinePublicKey> ServerKeyAsync(IPEndPoint listening)
    {
        using HttpClient http = new();
        string json = await http.GetStringAsync($"http://{listening}/key?v=130");
        return System.Text.Json.JsonSerializer.Deserialize(json, TailcfgJson.Default.OverTlsPublicKeyResponse)!.PublicKey;
    }

    UnixHttpClient Admin() => new(temporary.Of("c.sock"), () => Faults.StateBusy.With("gone"));

    Process Start(out IPEndPoint listening)
    {
        ProcessStartInfo start = new(
            Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path : "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "meshiot-coordinator.dll"), "serve", "--listen", "127.0.0.1:0", "--state", temporary.Of("state"), "--socket", temporary.Of("c.sock")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process server = Process.Start(start)!;
        server.ErrorDataReceived += (_, _) => { };
        server.BeginErrorReadLine();
        string? ready = server.StandardOutput.ReadLine();
        Assert.NotNull(ready);
        Assert.StartsWith("READY http://", ready, StringComparison.Ordinal);
        listening = IPEndPoint.Parse(new Uri(ready["READY ".Length..]).Authority);
        return server;
    }
}
