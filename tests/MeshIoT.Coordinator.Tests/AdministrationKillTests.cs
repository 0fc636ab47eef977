using System;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace MeshIoT.Coordinator.Tests;

/// <summary>The real program, killed with SIGKILL while users, API tokens and policies are made: what it acknowledged is there, and so is its line in the audit log.</summary>
public sealed class AdministrationKillTests : IDisposable
{
    const int Rounds = 4, Writers = 6;

    readonly TemporaryDirectory temporary = new();
    readonly Random random = new(17);

    public void Dispose() => temporary.Dispose();

    [Fact]
    public async Task Users_tokens_and_policies_that_were_acknowledged_survive_kill_9_with_their_audit_lines()
    {
        ConcurrentDictionary<string, bool> users = new(), tokens = new();
        long policy = 0;
        for (int round = 0; round <= Rounds; round++)
        {
            using RunningCoordinator server = RunningCoordinator.Start(temporary);
            using HttpClient admin = Admin();
            await CheckAsync(admin, users, tokens, policy);
            if (round == Rounds)
            {
                break;
            }

            int answersLeft = random.Next(10, 60), n = 0;
            await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
            {
                try
                {
                    while (true)
                    {
                        string name = $"r{round}n{Interlocked.Increment(ref n)}";
                        if (writer % 3 == 0)
                        {
                            users[(await SendAsync(admin, HttpMethod.Post, "users", $$"""{"login":"{{name}}@example.com"}""")).GetProperty("login").GetString()!] = true;
                        }
                        else if (writer % 3 == 1)
                        {
                            tokens[(await SendAsync(admin, HttpMethod.Post, "tokens", """{"scopes":["nodes:read"]}""")).GetProperty("id").GetString()!] = true;
                        }
                        else
                        {
                            JsonElement set = await SendAsync(admin, HttpMethod.Put, "policy", $$"""{"text":"{\"acls\":[]} // {{name}}"}""");
                            long id = long.Parse(set.GetProperty("id").GetString()!, CultureInfo.InvariantCulture);
                            InterlockedMax(ref policy, id);
                        }

                        if (Interlocked.Decrement(ref answersLeft) == 0)
                        {
                            server.Kill();
                        }
                    }
                }
                catch (Exception e) when (e is HttpRequestException or IOException or SocketException or TaskCanceledException)
                {
                    // Killed: that change was not acknowledged.
                }
            }));
        }

        Assert.NotEmpty(users);
        Assert.NotEmpty(tokens);
        Assert.NotEqual(0, policy);
    }

    // What was acknowledged is there; and each thing that is there has its line in the audit log, in equal number.
    static async Task CheckAsync(HttpClient admin, ConcurrentDictionary<string, bool> users, ConcurrentDictionary<string, bool> tokens, long policy)
    {
        string[] logins = await AllAsync(admin, "users", "users", "login"), ids = await AllAsync(admin, "tokens", "tokens", "id");
        Assert.All(users.Keys, login => Assert.Contains(login, logins));
        Assert.All(tokens.Keys, id => Assert.Contains(id, ids));
        long inForce = long.Parse((await SendAsync(admin, HttpMethod.Get, "policy", null)).GetProperty("id").GetString()!, CultureInfo.InvariantCulture);
        Assert.True(inForce >= policy, $"policy {inForce} is in force, and {policy} was acknowledged");
        string[] actions = await AllAsync(admin, "audit", "entries", "action");
        Assert.Equal(logins.Length - 1, actions.Count(a => a == "user.create"));
        Assert.Equal(ids.Length, actions.Count(a => a == "token.create"));
        Assert.Equal(inForce, actions.Count(a => a == "policy.set"));
    }

    static async Task<string[]> AllAsync(HttpClient admin, string path, string list, string member)
    {
        System.Collections.Generic.List<string> all = [];
        string? cursor = null;
        do
        {
            JsonElement page = await SendAsync(admin, HttpMethod.Get, path + "?limit=200" + (cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor)), null);
            all.AddRange(page.GetProperty(list).EnumerateArray().Select(e => e.GetProperty(member).GetString()!));
            cursor = page.TryGetProperty("nextCursor", out JsonElement next) ? next.GetString() : null;
        }
        while (cursor is not null);
        return [.. all];
    }

    static async Task<JsonElement> SendAsync(HttpClient admin, HttpMethod method, string path, string? json)
    {
        using HttpRequestMessage request = new(method, "http://coordinator/api/v1/" + path);
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await admin.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement.Clone();
    }

    static void InterlockedMax(ref long target, long value)
    {
        long seen;
        while ((seen = Interlocked.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }

    HttpClient Admin() => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, ct) =>
        {
            Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(temporary.Of("c.sock")), ct);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });
}
