using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace MeshIoT.Bench;

/// <summary>Measurements for people and for machines.</summary>
static class Report
{
    public static void Print(IReadOnlyList<Measurement> results, TextWriter output)
    {
        output.WriteLine($"one thread, {Measurement.RoundCount} rounds after a warm-up, {RuntimeInformation.OSArchitecture}, {RuntimeInformation.FrameworkDescription}");
        output.WriteLine($"{"subject",-24} {"suite",-14} {"median",12} {"slowest",12} {"fastest",12} {"per CPU s",12}");
        foreach (Measurement result in results)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Subject,-24} {result.Suite,-14} {result.Median,12:N0} {result.Slowest,12:N0} {result.Fastest,12:N0} {result.CpuMedian,12:N0}  {result.Unit}"));
        }
    }

    public static void WriteJson(IReadOnlyList<Measurement> results, string path)
    {
        using FileStream file = File.Create(path);
        using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("time", DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        json.WriteString("architecture", RuntimeInformation.OSArchitecture.ToString());
        json.WriteString("runtime", RuntimeInformation.FrameworkDescription);
        json.WriteStartArray("results");
        foreach (Measurement result in results)
        {
            json.WriteStartObject();
            json.WriteString("subject", result.Subject);
            json.WriteString("suite", result.Suite);
            json.WriteString("unit", result.Unit);
            json.WriteNumber("median", Math.Round(result.Median, 1));
            json.WriteNumber("slowest", Math.Round(result.Slowest, 1));
            json.WriteNumber("fastest", Math.Round(result.Fastest, 1));
            json.WriteNumber("medianPerCpuSecond", Math.Round(result.CpuMedian, 1));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
