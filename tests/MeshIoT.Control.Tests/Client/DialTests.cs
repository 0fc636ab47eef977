using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace MeshIoT.Control.Tests;

/// <summary>Which address is dialled, and in which order. control-plane.md section 3.3.</summary>
public class DialTests
{
    [Theory]
    [InlineData("https://h.example", "http h.example:80", "https h.example:443")]
    [InlineData("https://h.example:8443", "http h.example:80", "https h.example:8443")]
    [InlineData("https://192.168.1.2", "http 192.168.1.2:80", "https 192.168.1.2:443")]
    [InlineData("http://127.0.0.1:8080", "http 127.0.0.1:8080", null)]
    [InlineData("http://127.0.0.1", "http 127.0.0.1:80", null)]
    [InlineData("http://localhost:9", "http localhost:9", null)]
    [InlineData("http://LocalHost", "http localhost:80", null)]
    [InlineData("http://[::1]:8080", "http ::1:8080", null)]
    [InlineData("http://10.1.2.3", "http 10.1.2.3:80", null)]
    [InlineData("http://172.16.0.1", "http 172.16.0.1:80", null)]
    [InlineData("http://172.31.255.255", "http 172.31.255.255:80", null)]
    [InlineData("http://172.32.0.1", "http 172.32.0.1:80", "https 172.32.0.1:443")]
    [InlineData("http://192.168.1.10:8080", "http 192.168.1.10:8080", null)]
    [InlineData("http://192.169.1.10:8080", "http 192.169.1.10:8080", "https 192.169.1.10:443")]
    [InlineData("http://[fd00::1]:8080", "http fd00::1:8080", null)]
    [InlineData("http://[fe80::1]", "http fe80::1:80", "https fe80::1:443")]
    [InlineData("http://[::ffff:10.0.0.1]", "http ::ffff:10.0.0.1:80", null)]
    [InlineData("http://100.64.0.1:8080", "http 100.64.0.1:8080", "https 100.64.0.1:443")]
    [InlineData("http://h.example:8080", "http h.example:8080", "https h.example:443")]
    [InlineData("http://localhost.example", "http localhost.example:80", "https localhost.example:443")]
    public void The_URL_decides(string url, string first, string? fallback)
    {
        Assert.True(DialPlan.TryCreate(new Uri(url), out DialPlan? plan));
        Assert.Equal(first, Text(plan!.First));
        Assert.Equal(fallback, plan.Fallback is { } f ? Text(f) : null);
        Assert.Equal(url.StartsWith("https"), plan.FallbackIsPrimary);
    }

    static string Text(DialTarget target) => $"{(target.IsTls ? "https" : "http")} {target.Host}:{target.Port}";

    [Theory]
    [InlineData("ftp://h.example")]
    [InlineData("file:///etc/passwd")]
    [InlineData("mailto:x@example.org")]
    public void Nothing_else_is_dialled(string url) => Assert.False(DialPlan.TryCreate(new Uri(url), out _));

    /// <summary>A scripted network: each try ends when the test says so.</summary>
    sealed class Network
    {
        public Dictionary<bool, TaskCompletionSource<Prize>> Tries { get; } = [];

        public Dictionary<bool, bool> Cancelled { get; } = [];

        public Task<Prize> DialAsync(DialTarget target, CancellationToken ct)
        {
            Tries[target.IsTls] = new();
            ct.Register(() => Cancelled[target.IsTls] = true);
            return Tries[target.IsTls].Task;
        }
    }

    sealed class Prize : IAsyncDisposable
    {
        public bool IsDisposed { get; private set; }

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return default;
        }
    }

    static (Task<Prize> Race, Network Network, ManualTime Time) Start(string url)
    {
        Assert.True(DialPlan.TryCreate(new Uri(url), out DialPlan? plan));
        Network network = new();
        ManualTime time = new();
        return (DialRace.RunAsync(plan!, network.DialAsync, time, CancellationToken.None), network, time);
    }

    [Fact]
    public async Task Plain_HTTP_that_answers_at_once_is_alone()
    {
        (Task<Prize> race, Network network, _) = Start("https://h");
        Prize prize = new();
        network.Tries[false].SetResult(prize);
        Assert.Same(prize, await race);
        Assert.False(network.Tries.ContainsKey(true));
        Assert.False(prize.IsDisposed);
    }

    [Fact]
    public async Task TLS_starts_beside_a_slow_try_after_half_a_second_and_the_loser_is_closed()
    {
        (Task<Prize> race, Network network, ManualTime time) = Start("https://h");
        time.Advance(TimeSpan.FromMilliseconds(499));
        await Task.Yield();
        Assert.False(network.Tries.ContainsKey(true));
        time.Advance(TimeSpan.FromMilliseconds(1));
        await ControlClientTests.Until(() => network.Tries.ContainsKey(true));
        Prize winner = new(), late = new();
        network.Tries[true].SetResult(winner);
        Assert.Same(winner, await race);
        Assert.True(network.Cancelled[false]);
        network.Tries[false].SetResult(late);
        await ControlClientTests.Until(() => late.IsDisposed);
        Assert.False(winner.IsDisposed);
    }

    [Fact]
    public async Task TLS_starts_at_once_when_plain_HTTP_fails_and_a_slow_first_try_may_still_win()
    {
        (Task<Prize> race, Network network, _) = Start("https://h");
        network.Tries[false].SetException(new InvalidOperationException("http"));
        await ControlClientTests.Until(() => network.Tries.ContainsKey(true));
        network.Tries[true].SetResult(new());
        await race;

        (race, network, ManualTime time) = Start("https://h");
        time.Advance(TimeSpan.FromSeconds(1));
        await ControlClientTests.Until(() => network.Tries.ContainsKey(true));
        network.Tries[true].SetException(new InvalidOperationException("https"));
        network.Tries[false].SetResult(new());
        await race;
    }

    [Theory]
    [InlineData("https://h", false, "https")]
    [InlineData("https://h", true, "https")]
    [InlineData("http://h.example", false, "http")]
    [InlineData("http://h.example", true, "http")]
    public async Task When_both_fail_the_one_that_was_asked_for_speaks(string url, bool tlsFailsFirst, string told)
    {
        (Task<Prize> race, Network network, ManualTime time) = Start(url);
        time.Advance(TimeSpan.FromSeconds(1));
        await ControlClientTests.Until(() => network.Tries.ContainsKey(true));
        network.Tries[tlsFailsFirst].SetException(new InvalidOperationException(tlsFailsFirst ? "https" : "http"));
        network.Tries[!tlsFailsFirst].SetException(new InvalidOperationException(tlsFailsFirst ? "http" : "https"));
        Assert.Equal(told, (await Assert.ThrowsAsync<InvalidOperationException>(() => race)).Message);
    }

    [Fact]
    public async Task On_site_a_failure_is_final()
    {
        (Task<Prize> race, Network network, _) = Start("http://192.168.0.1");
        network.Tries[false].SetException(new InvalidOperationException("http"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => race);
        Assert.False(network.Tries.ContainsKey(true));
    }
}
