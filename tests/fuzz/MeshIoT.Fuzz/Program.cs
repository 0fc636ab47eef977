using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using MeshIoT.Fuzz.Engine;
using MeshIoT.Fuzz.Targets;

namespace MeshIoT.Fuzz;

/// <summary>
/// list | run [--seconds N] [--seed N] [--corpus DIR] [--findings DIR] [TARGET...] | replay TARGET FILE | instrument DIR | afl TARGET.
/// "run" prints a line per target and ends with 1 when something was found; "afl" is what afl-fuzz starts.
/// </summary>
static class Program
{
    static int Main(string[] args)
    {
        Coverage.Begin();
        switch (args)
        {
            case ["list"]:
                AllTargets.Make().ForEach(static target => Console.WriteLine(target.Name));
                return 0;
            case ["run", ..]:
                return Run(args[1..]);
            case ["replay", { } name, { } file]:
                Find(name).Run(File.ReadAllBytes(file));
                return 0;
            case ["seeds", { } name, { } directory]:
                WriteSeeds(Find(name), directory);
                return 0;
            case ["instrument", { } directory]:
                Instrument(directory);
                return 0;
            case ["afl", { } name]:
                Serve(Find(name));
                return 0;
            default:
                Console.Error.WriteLine("list | run [--seconds N] [--seed N] [--corpus DIR] [--findings DIR] [TARGET...] | replay TARGET FILE | seeds TARGET DIR | instrument DIR | afl TARGET");
                return 2;
        }
    }

    static FuzzTarget Find(string name) =>
        AllTargets.Make().Find(target => target.Name == name) ?? throw new ArgumentException($"no such target: {name} (see list)");

    static int Run(string[] args)
    {
        double seconds = 1;
        int seed = Environment.TickCount;
        string? corpus = null, findings = null;
        List<string> names = [];
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--seconds": seconds = double.Parse(args[++i], CultureInfo.InvariantCulture); break;
                case "--seed": seed = int.Parse(args[++i], CultureInfo.InvariantCulture); break;
                case "--corpus": corpus = args[++i]; break;
                case "--findings": findings = args[++i]; break;
                default: names.Add(args[i]); break;
            }
        }

        List<FuzzTarget> chosen = names.Count == 0 ? AllTargets.Make() : [.. names.Select(Find)];
        int found = 0;
        foreach (FuzzTarget target in chosen)
        {
            found += Run(target, TimeSpan.FromSeconds(seconds / chosen.Count), seed, corpus, findings) ? 0 : 1;
        }

        return found == 0 ? 0 : 1;
    }

    static bool Run(FuzzTarget target, TimeSpan time, int seed, string? corpus, string? findings)
    {
        Campaign campaign = new(target, new Random(seed), corpus is null ? null : Path.Combine(corpus, target.Name));
        Stopwatch watch = Stopwatch.StartNew();
        campaign.Run(time);
        double rate = campaign.Tried / watch.Elapsed.TotalSeconds;
        if (campaign.Finding is not var (what, input))
        {
            string guided = campaign.Branches == 0 ? "blind" : $"{campaign.Branches} branches, {campaign.Kept} kept";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ok fuzz {target.Name}: {campaign.Tried} inputs, {rate:0} a second, {guided}"));
            return true;
        }

        string where = Path.Combine(findings ?? Path.GetTempPath(), $"{target.Name}-{seed}.bin");
        File.WriteAllBytes(where, input);
        Console.WriteLine($"FAIL fuzz {target.Name}: seed {seed}, input {campaign.Tried} in {where}: {what}");
        return false;
    }

    static void WriteSeeds(FuzzTarget target, string directory)
    {
        Directory.CreateDirectory(directory);
        int number = 0;
        foreach (byte[] seed in target.Seeds)
        {
            File.WriteAllBytes(Path.Combine(directory, $"seed{number++}"), seed);
        }
    }

    // Our own assemblies only, in a copy of the program's folder; not this program.
    static void Instrument(string directory)
    {
        foreach (string file in Directory.GetFiles(directory, "*.dll").Where(static file => IsOurs(Path.GetFileNameWithoutExtension(file))))
        {
            int types = SharpFuzz.Fuzzer.Instrument(file, static _ => true, SharpFuzz.Options.Value).Count();
            Console.Error.WriteLine($"{Path.GetFileName(file)}: {types} types");
        }
    }

    static bool IsOurs(string assembly) =>
        (assembly.StartsWith("MeshIoT.", StringComparison.Ordinal) || assembly == "meshiot-coordinator")
        && assembly is not ("MeshIoT.Fuzz" or "MeshIoT.Crypto" or "MeshIoT.Health");

    static void Serve(FuzzTarget target) => SharpFuzz.Fuzzer.OutOfProcess.Run(stream =>
    {
        using MemoryStream copy = new();
        stream.CopyTo(copy);
        target.Run(copy.ToArray());
    });
}
