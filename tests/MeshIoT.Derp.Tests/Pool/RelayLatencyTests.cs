using System;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Tests;
using Xunit;

namespace MeshIoT.Derp.Tests;

/// <summary>How far relays are over HTTPS, with relays that a test moves.</summary>
public sealed class RelayLatencyTests : IDisposable
{
    const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    readonly NodePrivateKey key = TestKeys.Key(1);
    readonly ManualTime time = new();
    readonly ScriptedNetwork network = new();

    public void Dispose() => key.Dispose();

    Task<TimeSpan?> MeasureAsync(CancellationToken ct = default) => RelayLatency.MeasureAsync(
        7, PoolHarness.Region(7)!, new DerpPoolOptions { Key = key, Receiver = new PoolHarness.Receiver(), Time = time, OpenStream = network.Open }, ct);

    [Fact]
    public async Task From_the_request_to_the_answer_is_what_counts()
    {
        Task<TimeSpan?> measured = MeasureAsync();
        ScriptedRelay relay = await network.NextAsync();
        Assert.Equal("7a", relay.Node.Name);
        await relay.ReadRequestAsync();
        Assert.StartsWith("GET /derp/latency-check HTTP/1.1\r\nHost: a7.example:443\r\n", relay.Request, StringComparison.Ordinal);
        time.Advance(TimeSpan.FromMilliseconds(40));
        await relay.WriteAsync(System.Text.Encoding.ASCII.GetBytes(Ok));
        Assert.Equal(TimeSpan.FromMilliseconds(40), await measured);
    }

    [Theory]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: https://portal.example/\r\n\r\n")]
    [InlineData("HTTP/1.1 502 Bad Gateway\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n")]
    public async Task Who_answers_something_else_is_passed_over_for_the_next_relay(string answer)
    {
        Task<TimeSpan?> measured = MeasureAsync();
        await (await network.NextAsync()).UpgradeAsync(answer);
        ScriptedRelay second = await network.NextAsync();
        Assert.Equal("7b", second.Node.Name);
        await second.UpgradeAsync(Ok);
        Assert.NotNull(await measured);
    }

    [Fact]
    public async Task Silence_is_given_up_after_three_seconds_a_relay()
    {
        Task<TimeSpan?> measured = MeasureAsync();
        for (int i = 0; i < 2; i++)
        {
            await (await network.NextAsync()).ReadRequestAsync();
            time.Advance(TimeSpan.FromSeconds(3.1));
        }

        Assert.Null(await measured);
    }

    [Fact]
    public async Task What_cannot_be_dialled_has_no_distance()
    {
        network.IsDown = true;
        Assert.Null(await MeasureAsync());
        Assert.Equal(2, network.Dials);
    }

    [Fact]
    public async Task Nobody_waits_longer_than_he_wants()
    {
        using CancellationTokenSource stop = new();
        Task<TimeSpan?> measured = MeasureAsync(stop.Token);
        await (await network.NextAsync()).ReadRequestAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => measured);
    }
}
