using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Tests;
using Xunit;

namespace MeshIoT.Relay.Tests;

/// <summary>A real relay on loopback, with a clock that the test turns. Clients come in by TLS or, simpler to script, by plain HTTP.</summary>
internal sealed class TestRelay : IAsyncDisposable
{
    readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("meshiot-relay-test-");
    readonly RelayIdentity identity;

    TestRelay(string host) => identity = RelayIdentity.SelfSigned(directory.FullName, host, new SystemRandomSource());

    public ManualTime Time { get; } = new();

    public RelayServer Server { get; private set; } = null!;

    public ConcurrentQueue<string> Log { get; } = new();

    public IPEndPoint Plain => Server.PlainListening!;

    public MeshKey? MeshKey { get; private set; }

    public string Pin => identity.Pin!;

    public static async Task<TestRelay> StartAsync(RelayLimits? limits = null, IAdmission? admission = null, Func<RelayOptions, RelayOptions>? change = null)
    {
        TestRelay relay = new("127.0.0.1");
        RelayOptions options = new()
        {
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            PlainListen = new IPEndPoint(IPAddress.Loopback, 0),
            Metrics = new IPEndPoint(IPAddress.Loopback, 0),
            Stun = new IPEndPoint(IPAddress.Loopback, 0),
            Key = relay.identity.Key,
            Certificate = relay.identity.Certificate,
            Admission = admission ?? new AdmitAll(),
            Limits = limits ?? new RelayLimits(),
            Loops = 2,
        };
        options = change?.Invoke(options) ?? options;
        relay.MeshKey = options.MeshKey;
        relay.Server = await RelayServer.StartAsync(options, new SystemRandomSource(), relay.Time, new RelayLog((_, line) => relay.Log.Enqueue(line)));
        return relay;
    }

    /// <summary>A client that has proved a key and been accepted.</summary>
    public ScriptedClient Join(NodePrivateKey? key = null)
    {
        ScriptedClient client = Connect();
        client.Upgrade();
        client.Prove(key ?? NodePrivateKey.Generate(new SystemRandomSource()));
        return client;
    }

    /// <summary>A connection that has said nothing yet.</summary>
    public ScriptedClient Connect() => new(Plain);

    /// <summary>Turns the clock; what is due by then has been done when this returns.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        Time.Advance(by);
        await Server.WakeAsync();
    }

    /// <summary>One of the figures.</summary>
    public long Figure(string name) => long.Parse(
        Server.MetricsText().Split('\n').First(l => l.StartsWith("meshiot_relay_" + name + " ", StringComparison.Ordinal)).Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Waits until something is so; generous, for machines that have other work.</summary>
    public static async Task UntilAsync(Func<bool> isSo, string what)
    {
        for (int i = 0; i < 6000; i++)
        {
            if (isSo())
            {
                return;
            }

            await Task.Delay(10);
        }

        Assert.Fail("a minute has passed, and still not: " + what);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        identity.Dispose();
        directory.Delete(recursive: true);
        Assert.DoesNotContain(Log, l => l.Contains("a mistake of ours", StringComparison.Ordinal));
    }
}
