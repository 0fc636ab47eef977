using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.LocalApi;

namespace MeshIoT.Sim;

/// <summary>One run: a fresh coordinator, all nodes join, nothing happens, some change, the coordinator is killed and comes back.</summary>
internal sealed class Scenario(SimOptions options, CoordinatorProcess server, TextWriter progress)
{
    const int RssSamples = 10;

    // A server that has answered once has loaded what answering needs; a quiet moment lets its garbage collector finish.
    static readonly TimeSpan Quiet = TimeSpan.FromSeconds(3), Poll = TimeSpan.FromMilliseconds(20);

    readonly SimReport report = new() { Nodes = options.Nodes, Hubs = options.Hubs };

    /// <exception cref="FaultException">A phase did not come to its end.</exception>
    public async Task<SimReport> RunAsync(CancellationToken ct)
    {
        await server.StartAsync(ct).ConfigureAwait(false);
        Fleet fleet = await PrepareAsync(ct).ConfigureAwait(false);
        await Task.Delay(Quiet, ct).ConfigureAwait(false);
        report.FreshRssKib = server.Use.RssKib;
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            await JoinAsync(fleet, end.Token).ConfigureAwait(false);
            await IdleAsync(ct).ConfigureAwait(false);
            await new ChangePhase(options, fleet, server, report, progress).RunAsync(ct).ConfigureAwait(false);
            await RestartsAsync(fleet, ct).ConfigureAwait(false);
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            NoteTroubles(fleet);
        }

        await fleet.EndedAsync().ConfigureAwait(false);
        return report;
    }

    async Task<Fleet> PrepareAsync(CancellationToken ct)
    {
        using UnixHttpClient admin = new(server.SocketPath, () => Faults.CoordinatorDidNotRun.With(options.Coordinator, "its admin socket does not answer", server.LogPath));
        MachinePublicKey serverKey = MachinePublicKey.Parse((await admin.GetAsync("api/v1/server", AdminJson.Default.ServerAnswer, ct).ConfigureAwait(false)).ServerKey);
        if (options.PolicyFile is { } policy)
        {
            PolicyRequest text = new(await File.ReadAllTextAsync(policy, ct).ConfigureAwait(false));
            await admin.PutAsync("api/v1/policy", text, AdminJson.Default.PolicyRequest, AdminJson.Default.PolicyAnswer, ct).ConfigureAwait(false);
        }

        return new Fleet(
            new FleetOptions(options.Zstd, options.PerAddress, await KeyAsync("tag:sensor").ConfigureAwait(false), await KeyAsync("tag:hub").ConfigureAwait(false)),
            new Dialer(server.Listening, serverKey));

        async Task<string> KeyAsync(string tag) =>
            (await admin.PostAsync("api/v1/keys", new KeyRequest(true, [tag]), AdminJson.Default.KeyRequest, AdminJson.Default.KeyAnswer, ct).ConfigureAwait(false)).Key!;
    }

    async Task JoinAsync(Fleet fleet, CancellationToken ct)
    {
        progress.WriteLine($"{options.Nodes} nodes join, {options.JoinAtOnce} at once ...");
        double cpu = server.Use.CpuSeconds;
        Stopwatch clock = Stopwatch.StartNew();
        while (fleet.Nodes.Count < options.Nodes)
        {
            // Hubs first: they are there before the sensors they serve.
            while (fleet.Nodes.Count < options.Nodes && fleet.Nodes.Count - fleet.Admissions < options.JoinAtOnce)
            {
                fleet.Add(fleet.Nodes.Count < options.Hubs, ct);
            }

            fleet.ThrowIfBroken();
            ExpectWithin(clock, "not all nodes joined", fleet.Admitted);
            await Task.Delay(1, ct).ConfigureAwait(false);
        }

        await AllAdmittedAsync(fleet, clock, "not all nodes joined", ct).ConfigureAwait(false);
        report.JoinAllS = clock.Elapsed.TotalSeconds;
        await Task.Delay(Quiet, ct).ConfigureAwait(false);
        report.CpuSPerNode = (server.Use.CpuSeconds - cpu) / options.Nodes;
    }

    async Task IdleAsync(CancellationToken ct)
    {
        progress.WriteLine($"nothing happens for {options.Idle.TotalSeconds:0} s ...");
        List<ProcessUse> samples = [];
        ProcessUse before = server.Use;
        Stopwatch clock = Stopwatch.StartNew();
        for (int i = 0; i < RssSamples; i++)
        {
            await Task.Delay(options.Idle / RssSamples, ct).ConfigureAwait(false);
            samples.Add(server.Use);
        }

        ProcessUse last = samples[^1];
        report.IdleCpuPercent = (last.CpuSeconds - before.CpuSeconds) / clock.Elapsed.TotalSeconds * 100;
        (report.IdleRssKib, report.IdleAnonymousKib, report.IdleThreads) = (last.RssKib, last.AnonymousKib, last.Threads);
        (report.IdleRssLowestKib, report.IdleRssHighestKib) = (samples.Min(s => s.RssKib), samples.Max(s => s.RssKib));
        report.RssKibPerNode = (double)(last.RssKib - report.FreshRssKib) / options.Nodes;
    }

    async Task RestartsAsync(Fleet fleet, CancellationToken ct)
    {
        for (int i = 0; i < options.Restarts; i++)
        {
            report.AdmitAllRounds.Add(await RestartAsync(fleet, TimeSpan.Zero, ct).ConfigureAwait(false));
            report.ReadmitCpuSPerNode.Add(server.Use.CpuSeconds / options.Nodes);
        }

        report.AdmitAllS = report.AdmitAllRounds.Count == 0 ? double.NaN : report.AdmitAllRounds.Order().ElementAt(report.AdmitAllRounds.Count / 2);
        report.RssAfterRestartKib = server.Use.RssKib;
        if (options.Jitter > TimeSpan.Zero)
        {
            report.AdmitAllJitteredS = await RestartAsync(fleet, options.Jitter, ct).ConfigureAwait(false);
        }
    }

    async Task<double> RestartAsync(Fleet fleet, TimeSpan jitter, CancellationToken ct)
    {
        progress.WriteLine($"kill -9 and restart, jitter 0-{jitter.TotalSeconds:0} s ...");
        fleet.LongestJitter = jitter;
        Stopwatch sinceKill = Stopwatch.StartNew();
        server.Kill();
        while (fleet.Admitted > 0)
        {
            ExpectWithin(sinceKill, "nodes did not notice the kill", options.Nodes - fleet.Admitted);
            await Task.Delay(Poll, ct).ConfigureAwait(false);
        }

        await server.StartAsync(ct).ConfigureAwait(false);
        Stopwatch clock = Stopwatch.StartNew();
        await AllAdmittedAsync(fleet, clock, "not all nodes came back", ct).ConfigureAwait(false);
        double seconds = clock.Elapsed.TotalSeconds;
        if (jitter == TimeSpan.Zero)
        {
            report.AwayAllRounds.Add(sinceKill.Elapsed.TotalSeconds);
        }

        await Task.Delay(Quiet, ct).ConfigureAwait(false);
        return seconds;
    }

    async Task AllAdmittedAsync(Fleet fleet, Stopwatch clock, string otherwise, CancellationToken ct)
    {
        for (int admitted; (admitted = fleet.Admitted) < options.Nodes;)
        {
            fleet.ThrowIfBroken();
            ExpectWithin(clock, otherwise, admitted);
            await Task.Delay(Poll, ct).ConfigureAwait(false);
        }
    }

    void ExpectWithin(Stopwatch clock, string otherwise, int done)
    {
        if (clock.Elapsed > options.Patience)
        {
            throw Faults.LoadNotCarried.With(otherwise, done, options.Nodes, (int)clock.Elapsed.TotalSeconds).ToException();
        }
    }

    void NoteTroubles(Fleet fleet)
    {
        foreach ((int status, int count) in fleet.TurnedAway)
        {
            report.TurnedAway[status] = count;
        }

        foreach ((string kind, int count) in fleet.Failures)
        {
            report.Failures[kind] = count;
        }
    }
}
