using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text.Json;

namespace MeshIoT.Sim;

/// <summary>The figures of a run, as a table and as JSON.</summary>
internal static class RelayReport
{
    public static void Print(RelayFigures ours, RelayFigures? derper, TextWriter output)
    {
        output.WriteLine($"{"",-26}{"meshiot",12}{(derper is null ? "" : "derper"),12}");
        foreach ((string name, string unit, double mine, double? theirs) in Rows(ours, derper))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name + ", " + unit,-26}{mine,12:F2}{theirs,12:F2}"));
        }
    }

    public static void WriteJson(int clients, RelayFigures ours, RelayFigures? derper, string path)
    {
        using FileStream file = File.Create(path);
        using Utf8JsonWriter json = new(file, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("clients", clients);
        Write("", ours);
        if (derper is not null)
        {
            Write("derper_", derper);
        }

        json.WriteEndObject();

        void Write(string prefix, RelayFigures f)
        {
            json.WriteNumber(prefix + "rss_kib_per_client", Math.Round(f.RssKibPerClient, 2));
            json.WriteNumber(prefix + "connects_per_s", Math.Round(f.ConnectsPerSecond, 1));
            json.WriteNumber(prefix + "cpu_ms_per_connect", Math.Round(f.CpuMsPerConnect, 3));
            json.WriteNumber(prefix + "throughput_mbit", Math.Round(f.ThroughputMbit, 1));
            json.WriteNumber(prefix + "cpu_s_per_gib", Math.Round(f.CpuSecondsPerGib, 3));
            json.WriteNumber(prefix + "lost_packets", f.LostPackets);
            json.WriteNumber(prefix + "idle_round_trip_us", Math.Round(f.IdleRoundTripUs, 1));
        }
    }

    static IEnumerable<(string Name, string Unit, double Ours, double? Theirs)> Rows(RelayFigures ours, RelayFigures? derper) =>
    [
        ("memory per idle client", "KiB", ours.RssKibPerClient, derper?.RssKibPerClient),
        ("connects", "1/s", ours.ConnectsPerSecond, derper?.ConnectsPerSecond),
        ("processor per connect", "ms", ours.CpuMsPerConnect, derper?.CpuMsPerConnect),
        ("throughput", "Mbit/s", ours.ThroughputMbit, derper?.ThroughputMbit),
        ("processor", "s/GiB", ours.CpuSecondsPerGib, derper?.CpuSecondsPerGib),
        ("packets lost", "", ours.LostPackets, derper?.LostPackets),
        ("idle round trip", "us", ours.IdleRoundTripUs, derper?.IdleRoundTripUs),
    ];
}
