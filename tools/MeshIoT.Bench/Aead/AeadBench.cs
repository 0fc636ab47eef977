using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using MeshIoT.Crypto;

namespace MeshIoT.Bench;

/// <summary>
/// Nanoseconds of processor time per packet, sealing in place and opening, by size and implementation: the least of nine rounds, which
/// are interleaved, because other work on the machine only ever adds.
/// </summary>
static unsafe class AeadBench
{
    const int Rounds = 9;
    const long RoundNs = 12_000_000;

    static readonly int[] Sizes = [64, 128, 576, 1280, 1424];

    public static int Run(ReadOnlySpan<string> args)
    {
        if (args is not [] and not ["--json", _])
        {
            Console.Error.WriteLine("usage: MeshIoT.Bench aead [--json FILE]");
            return 2;
        }

        List<Row> rows = Measure();
        Print(rows, Console.Out);
        if (args.Length == 2)
        {
            WriteJson(rows, args[1]);
        }

        return 0;
    }

    sealed record Row(string Name, int Size)
    {
        public double Seal { get; set; } = double.MaxValue;

        public double Open { get; set; } = double.MaxValue;
    }

    static List<Row> Measure()
    {
        List<AeadSubject> subjects = AeadSubject.All();
        List<Row> rows = [.. from subject in subjects from size in Sizes select new Row(subject.Name, size)];
        byte* area = (byte*)NativeMemory.AlignedAlloc(64 * 2048, 4096);
        new Span<byte>(area, 64 * 2048).Clear();
        for (int round = -1; round < Rounds; round++)
        {
            foreach (Row row in rows)
            {
                AeadSubject subject = subjects.First(s => s.Name == row.Name);
                (double seal, double open) = Round(subject, area, row.Size);
                if (round >= 0)
                {
                    row.Seal = Math.Min(row.Seal, seal);
                    row.Open = Math.Min(row.Open, open);
                }
            }
        }

        NativeMemory.AlignedFree(area);
        return rows;
    }

    /// <summary>
    /// Seals 32 packets in place, eight times over, then opens them to another place as often; a packet begins 16 bytes behind a cache
    /// line, as behind its header. The clock is a system call and is read once for 256 packets.
    /// </summary>
    static (double Seal, double Open) Round(AeadSubject subject, byte* area, int size)
    {
        const int Packets = 32, Times = 8, Place = 2048;
        byte* output = area + (Packets * Place);
        long seal = 0, open = 0, count = 0;
        while (seal + open < RoundNs)
        {
            long begin = ThreadClock.Nanoseconds;
            for (int time = 0; time < Times; time++)
            {
                for (int i = 0; i < Packets; i++)
                {
                    subject.Seal(i, area + (i * Place) + 16, size);
                }
            }

            long middle = ThreadClock.Nanoseconds;
            bool genuine = true;
            for (int time = 0; time < Times; time++)
            {
                for (int i = 0; i < Packets; i++)
                {
                    genuine &= subject.Open(i, area + (i * Place) + 16, output + (i * Place) + 16, size);
                }
            }

            open += ThreadClock.Nanoseconds - middle;
            seal += middle - begin;
            count += Packets * Times;
            if (!genuine)
            {
                throw new InvalidOperationException($"{subject.Name} does not open what it sealed");
            }
        }

        return ((double)seal / count, (double)open / count);
    }

    static string Cpu() => File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
        ?? "model unknown";

    static string Form => RuntimeFeature.IsDynamicCodeCompiled ? "compiled at run time" : "native";

    static void Print(List<Row> rows, TextWriter output)
    {
        output.WriteLine($"{Cpu()}, {RuntimeInformation.OSArchitecture}, {Form}, {RuntimeInformation.FrameworkDescription}; the CPU's width {(int)AeadChoice.Widest}, used {AeadChoice.Current}");
        output.WriteLine($"ns of processor time per packet, seal/open, least of {Rounds} rounds");
        output.WriteLine($"{"",-14}" + string.Concat(Sizes.Select(size => $"{size + " B",14}")));
        foreach (IGrouping<string, Row> subject in rows.GroupBy(row => row.Name))
        {
            output.WriteLine($"{subject.Key,-14}" + string.Concat(subject.Select(row => $"{string.Create(CultureInfo.InvariantCulture, $"{row.Seal:F0}/{row.Open:F0}"),14}")));
        }
    }

    static void WriteJson(List<Row> rows, string path)
    {
        using FileStream file = File.Create(path);
        using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("time", DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        json.WriteString("cpu", Cpu());
        json.WriteString("form", Form);
        json.WriteNumber("widest", (int)AeadChoice.Widest);
        json.WriteString("used", AeadChoice.Current.ToString());
        json.WriteStartArray("results");
        foreach (Row row in rows)
        {
            json.WriteStartObject();
            json.WriteString("implementation", row.Name);
            json.WriteNumber("bytes", row.Size);
            json.WriteNumber("sealNs", Math.Round(row.Seal, 1));
            json.WriteNumber("openNs", Math.Round(row.Open, 1));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
