using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace MeshIoT.Sim;

/// <summary>The figures for people and for machines.</summary>
internal static class ReportWriter
{
    public static void Print(SimReport report, SimOptions options, TextWriter output)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Nodes} nodes, {report.Hubs} of them hubs; {Method(options)}; {Machine(options)}"));
        Line("memory per idle node", report.RssKibPerNode, "KiB", $"fresh {report.FreshRssKib}, idle {report.IdleRssKib} ({report.IdleRssLowestKib}-{report.IdleRssHighestKib}), anonymous {report.IdleAnonymousKib}, {report.IdleThreads} threads");
        Line("processor per node joined", report.CpuSPerNode * 1000, "ms", $"all in within {report.JoinAllS:0.0} s, {options.JoinAtOnce} at once");
        Line("processor when idle", report.IdleCpuPercent, "% of a core", $"over {options.Idle.TotalSeconds:0} s");
        Line("change to viewer, p50", report.ChangeP50S, "s", $"{report.ChangesSent} changes at {options.Rate}/s, {report.SightingsExpected} sightings, {report.SightingsMissing} missing");
        Line("change to viewer, p99", report.ChangeP99S, "s", $"worst {report.ChangeWorstS:0.000} s, processor {report.ChangeCpuPercent:0.0} %");
        Line("all back after kill -9", report.AdmitAllS, "s", $"from READY, no jitter: {Spread(report.AdmitAllRounds)}; from the kill: {Spread(report.AwayAllRounds)}; {report.ReadmitCpuSPerNode.DefaultIfEmpty().Max() * 1000:0.00} ms of processor a node");
        if (report.AdmitAllJitteredS is { } jittered)
        {
            Line("the same with jitter", jittered, "s", $"0-{options.Jitter.TotalSeconds:0} s");
        }

        foreach ((int status, int count) in report.TurnedAway)
        {
            output.WriteLine($"  {count} x turned away with {status}");
        }

        foreach ((string kind, int count) in report.Failures)
        {
            output.WriteLine($"  {count} x {kind}");
        }

        void Line(string what, double value, string unit, FormattableString more) =>
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-27}{value,10:0.000} {unit,-12} ") + more.ToString(CultureInfo.InvariantCulture));
    }

    public static void WriteJson(SimReport report, SimOptions options, string path)
    {
        using FileStream file = File.Create(path);
        using Utf8JsonWriter json = new(file, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("nodes", report.Nodes);
        Number("rss_kib_per_node", report.RssKibPerNode);
        Number("cpu_s_per_node", report.CpuSPerNode);
        Number("admit_all_s", report.AdmitAllS);
        Number("change_p50_s", report.ChangeP50S);
        Number("change_p99_s", report.ChangeP99S);
        Number("idle_cpu_percent", report.IdleCpuPercent);
        json.WriteNumber("hubs", report.Hubs);
        json.WriteNumber("rss_fresh_kib", report.FreshRssKib);
        json.WriteNumber("rss_idle_kib", report.IdleRssKib);
        json.WriteNumber("rss_idle_lowest_kib", report.IdleRssLowestKib);
        json.WriteNumber("rss_idle_highest_kib", report.IdleRssHighestKib);
        json.WriteNumber("rss_idle_anonymous_kib", report.IdleAnonymousKib);
        json.WriteNumber("rss_after_restarts_kib", report.RssAfterRestartKib);
        json.WriteNumber("idle_threads", report.IdleThreads);
        Number("join_all_s", report.JoinAllS);
        Number("change_worst_s", report.ChangeWorstS);
        json.WriteNumber("changes_sent", report.ChangesSent);
        json.WriteNumber("sightings_expected", report.SightingsExpected);
        json.WriteNumber("sightings_missing", report.SightingsMissing);
        Number("change_cpu_percent", report.ChangeCpuPercent);
        Numbers("admit_all_rounds_s", report.AdmitAllRounds);
        Numbers("away_all_rounds_s", report.AwayAllRounds);
        Numbers("readmit_cpu_s_per_node", report.ReadmitCpuSPerNode);
        Number("admit_all_jittered_s", report.AdmitAllJitteredS ?? double.NaN);
        json.WriteStartObject("turned_away");
        foreach ((int status, int count) in report.TurnedAway)
        {
            json.WriteNumber(status.ToString(CultureInfo.InvariantCulture), count);
        }

        json.WriteEndObject();
        json.WriteString("method", Method(options));
        json.WriteString("machine", Machine(options));
        json.WriteString("time", DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        json.WriteEndObject();

        void Number(string name, double value)
        {
            if (double.IsFinite(value))
            {
                json.WriteNumber(name, Math.Round(value, 6));
            }
            else
            {
                json.WriteNull(name);
            }
        }

        void Numbers(string name, List<double> values)
        {
            json.WriteStartArray(name);
            values.ForEach(v => json.WriteNumberValue(Math.Round(v, 6)));
            json.WriteEndArray();
        }
    }

    static string Method(SimOptions options) => string.Create(CultureInfo.InvariantCulture,
        $"TCP on loopback, Noise, HTTP/2, {(options.Zstd ? "zstd" : "plain")} frames, {(options.PolicyFile is null ? "no policy: all see all" : "policy " + Path.GetFileName(options.PolicyFile))}, memory and processor time of the coordinator's process from /proc");

    static string Machine(SimOptions options) => string.Create(CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} cores shared with the simulator, {RuntimeInformation.OSArchitecture}, {(options.Coordinator.EndsWith(".dll", StringComparison.Ordinal) ? "coordinator on the runtime (JIT)" : "native coordinator")}");

    static string Spread(List<double> values) => string.Join(" ", values.Select(v => v.ToString("0.00", CultureInfo.InvariantCulture)));
}
