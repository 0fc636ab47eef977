using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Tailcfg;
using Xunit;

namespace MeshIoT.Control.Tests;

/// <summary>Addresses that a coordinator tells, and dials that follow each other closely. control-plane.md sections 3.3 and 5.3.</summary>
public class DialCandidateTests
{
    [Theory]
    [InlineData("192.0.2.1", "", 0, 0, "192.0.2.1 after 0 for 10")]
    [InlineData("2001:db8::1", "", 0.3, 2.5, "2001:db8::1 after 0.3 for 2.5")]
    [InlineData("192.0.2.1", "", -5, -1, "192.0.2.1 after 0 for 10")]
    [InlineData("192.0.2.1", "", 1e300, 1e300, "192.0.2.1 after 30 for 30")]
    [InlineData("192.0.2.1", "proxy.example", 0, 0, null)]
    [InlineData("0.0.0.0", "", 0, 0, null)]
    [InlineData("not an address", "", 0, 0, null)]
    [InlineData(null, "", 0, 0, null)]
    public void A_candidate_is_an_address_with_bounded_times(string? ip, string proxy, double delay, double timeout, string? expected)
    {
        IReadOnlyList<DialCandidate> read = DialCandidate.Read(new ControlDialPlan
        {
            Candidates = [new ControlIPCandidate { IP = ip, ACEHost = proxy, DialStartDelaySec = delay, DialTimeoutSec = timeout }],
        });
        Assert.Equal(expected, read.Select(c => FormattableString.Invariant($"{c.Address} after {c.Delay.TotalSeconds} for {c.Timeout.TotalSeconds}")).SingleOrDefault());
    }

    [Fact]
    public void No_plan_an_empty_one_and_one_without_end_are_bounded()
    {
        Assert.Empty(DialCandidate.Read(null));
        Assert.Empty(DialCandidate.Read(new ControlDialPlan()));
        Assert.Equal(DialCandidate.Most, DialCandidate.Read(new ControlDialPlan { Candidates = [.. Enumerable.Repeat(new ControlIPCandidate { IP = "192.0.2.1" }, 1000)] }).Count);
        Assert.Equal(TimeSpan.FromSeconds(60), DialCandidate.Limit([new(IPAddress.Loopback, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30))]));
        Assert.Equal(TimeSpan.FromSeconds(5.5), DialCandidate.Limit([new(IPAddress.Loopback, TimeSpan.Zero, TimeSpan.FromSeconds(0.5))]));
    }

    [Theory]
    [InlineData("https://h.example:8443", "https h.example:8443", null)]
    [InlineData("https://10.0.0.1", "https 10.0.0.1:443", null)]
    [InlineData("http://h.example", "https h.example:443", "http h.example:80")]
    [InlineData("http://100.64.0.1:8080", "https 100.64.0.1:443", "http 100.64.0.1:8080")]
    [InlineData("http://127.0.0.1:8080", "http 127.0.0.1:8080", null)]
    [InlineData("http://192.168.1.1", "http 192.168.1.1:80", null)]
    public void Soon_after_another_dial_TLS_comes_first_where_there_is_any(string url, string first, string? then)
    {
        static string Text(DialTarget target) => $"{(target.IsTls ? "https" : "http")} {target.Host}:{target.Port}";
        Assert.True(DialPlan.TryCreate(new Uri(url), out DialPlan? plan));
        DialPlan again = plan!.SoonAgain();
        Assert.Equal(first, Text(again.First));
        Assert.Equal(then, again.Fallback is { } fallback ? Text(fallback) : null);
        DialPlan to = again.To(IPAddress.Parse("192.0.2.7"));
        Assert.Equal("192.0.2.7", to.First.Address!.ToString());
        Assert.Equal(then is null ? null : "192.0.2.7", to.Fallback?.Address?.ToString());
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

    sealed class Network
    {
        public Dictionary<string, TaskCompletionSource<Prize>> Tries { get; } = [];

        public HashSet<string> Cancelled { get; } = [];

        public Task<Prize> DialAsync(IPAddress address, CancellationToken ct)
        {
            string name = address.ToString();
            lock (Tries)
            {
                TaskCompletionSource<Prize> source = Tries[name] = new();
                ct.Register(() =>
                {
                    lock (Tries)
                    {
                        Cancelled.Add(name);
                    }
                });
                return source.Task;
            }
        }

        public bool Has(string name)
        {
            lock (Tries)
            {
                return Tries.ContainsKey(name);
            }
        }
    }

    static readonly DialCandidate[] Two = [
        new(IPAddress.Parse("192.0.2.1"), TimeSpan.Zero, TimeSpan.FromSeconds(10)), new(IPAddress.Parse("192.0.2.2"), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10))];

    [Fact]
    public async Task Candidates_start_after_their_delays_and_the_first_success_wins()
    {
        Network network = new();
        ManualTime time = new();
        Task<Prize?> race = CandidateRace.RunAsync(Two, network.DialAsync, time, CancellationToken.None);
        await ControlClientTests.Until(() => network.Has("192.0.2.1"));
        Assert.False(network.Has("192.0.2.2"));
        time.Advance(TimeSpan.FromSeconds(1));
        await ControlClientTests.Until(() => network.Has("192.0.2.2"));
        Prize winner = new(), late = new();
        network.Tries["192.0.2.2"].SetResult(winner);
        Assert.Same(winner, await race);
        Assert.Contains("192.0.2.1", network.Cancelled);
        network.Tries["192.0.2.1"].SetResult(late);
        await ControlClientTests.Until(() => late.IsDisposed);
        Assert.False(winner.IsDisposed);
    }

    [Fact]
    public async Task When_all_fail_the_name_is_looked_up()
    {
        Network network = new();
        ManualTime time = new();
        Task<Prize?> race = CandidateRace.RunAsync(Two, network.DialAsync, time, CancellationToken.None);
        await ControlClientTests.Until(() => network.Has("192.0.2.1"));
        network.Tries["192.0.2.1"].SetException(new InvalidOperationException());
        time.Advance(TimeSpan.FromSeconds(1));
        await ControlClientTests.Until(() => network.Has("192.0.2.2"));
        network.Tries["192.0.2.2"].SetException(new InvalidOperationException());
        Assert.Null(await race);
    }

    [Fact]
    public async Task Who_cancels_gets_a_cancellation()
    {
        using CancellationTokenSource stop = new();
        Task<Prize?> race = CandidateRace.RunAsync([Two[1]], new Network().DialAsync, new ManualTime(), stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => race);
    }

    [Fact]
    public async Task The_next_dial_goes_to_the_address_that_the_coordinator_told()
    {
        await using Scene scene = await Scene.OpenAsync();
        scene.Server.Handler = context => StandIn.SendAsync(context, StandIn.Frame(new MapResponse
        {
            Node = scene.Self,
            ControlDialPlan = new ControlDialPlan { Candidates = [new ControlIPCandidate { IP = "127.0.0.1" }, new ControlIPCandidate { IP = "127.255.255.254", DialStartDelaySec = 20 }] },
        }));
        await scene.StreamAsync();
        scene.Server.CutConnections();
        for (int i = 0; i < 5 && scene.Server.Connections < 2; i++)
        {
            try
            {
                await scene.StreamAsync();
            }
            catch (Health.FaultException e) when (e.Report.Fault == Health.Faults.CoordinatorConnectionLost)
            {
                // The pool may notice only by trying.
            }
        }

        Assert.Equal(2, scene.Server.Connections);
    }
}
