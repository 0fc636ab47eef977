using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Threading;
using MeshIoT.Crypto;
using MeshIoT.Derp;
using MeshIoT.Tailcfg;

namespace MeshIoT.Bench;

/// <summary>
/// What our half of a relay connection costs by itself: one process that sends packets of one size through a relay, and another that
/// receives them and does nothing with them. Each reports its own processor time per GiB of packets.
/// </summary>
static class RelayClientBench
{
    const int Region = 900, Burst = 32;

    public const string Usage = "relay-client receive|send --relay HOST:PORT [--pin HEX] [--plain] [--size BYTES] [--seconds N] [--to NODEKEY]";

    public static int Run(ReadOnlySpan<string> args)
    {
        Dictionary<string, string> options = [];
        for (int i = 1; i < args.Length; i++)
        {
            options[args[i]] = args[i] == "--plain" ? "" : i + 1 < args.Length ? args[++i] : "";
        }

        if (args.Length == 0 || args[0] is not ("receive" or "send") || !options.TryGetValue("--relay", out string? relay))
        {
            Console.Error.WriteLine("usage: MeshIoT.Bench " + Usage);
            return 2;
        }

        int size = Number(options, "--size", 1280), seconds = Number(options, "--seconds", 10);
        using NodePrivateKey key = NodePrivateKey.Generate(new SystemRandomSource());
        Counter counter = new();
        DerpPool pool = new(new() { Key = key, Receiver = counter, PlainHttpForTests = options.ContainsKey("--plain") });
        try
        {
            pool.SetMap(Map(relay, options.GetValueOrDefault("--pin")));
            pool.SetHome(Region);
            if (!SpinWait.SpinUntil(() => pool.IsConnected(Region), TimeSpan.FromSeconds(10)))
            {
                Console.Error.WriteLine(pool.StateOf(Region)?.LastFault);
                return 1;
            }

            if (args[0] == "receive")
            {
                Receive(key, counter, seconds);
            }
            else if (NodePublicKey.TryParse(options.GetValueOrDefault("--to"), out NodePublicKey to))
            {
                Send(pool, to, size, seconds);
            }

            return 0;
        }
        finally
        {
            pool.DisposeAsync().AsTask().Wait();
        }
    }

    static void Receive(NodePrivateKey key, Counter counter, int seconds)
    {
        Console.WriteLine(key.PublicKey);
        SpinWait.SpinUntil(() => Rest(counter.Packets > 0), TimeSpan.FromSeconds(60));
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp(), bytes = counter.Bytes, packets = counter.Packets, batches = counter.Batches, garbage = GC.GetTotalAllocatedBytes();
        Thread.Sleep(TimeSpan.FromSeconds(seconds));
        Report("receive", counter.Packets - packets, counter.Bytes - bytes, counter.Batches - batches, Environment.CpuUsage.TotalTime - cpu, Stopwatch.GetElapsedTime(start), garbage);
    }

    static void Send(DerpPool pool, NodePublicKey to, int size, int seconds)
    {
        byte[] packet = new byte[size];
        new Random(1).NextBytes(packet);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp(), queued = 0, garbage = GC.GetTotalAllocatedBytes(), gone = 0;
        DerpRegionState before = pool.StateOf(Region)!, state = before;
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(seconds))
        {
            // The queue holds 97 packets of that size: no more are under way than it can hold, so that nothing is dropped here.
            if (queued - gone > Burst)
            {
                state = pool.StateOf(Region)!;
                gone = state.PacketsSent - before.PacketsSent + state.PacketsDropped - before.PacketsDropped;
                if (queued - gone > Burst)
                {
                    Thread.Sleep(1);
                    continue;
                }
            }

            for (int i = 0; i < Burst; i++)
            {
                pool.Send(Region, to, packet, more: i < Burst - 1);
            }

            queued += Burst;
        }

        state = pool.StateOf(Region)!;
        long sent = state.PacketsSent - before.PacketsSent;
        Report("send", sent, sent * size, 0, Environment.CpuUsage.TotalTime - cpu, Stopwatch.GetElapsedTime(start), garbage);
    }

    static bool Rest(bool done)
    {
        Thread.Sleep(done ? 0 : 5);
        return done;
    }

    static void Report(string role, long packets, long bytes, long batches, TimeSpan cpu, TimeSpan wall, long garbageBefore) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"role":"{{role}}","packets":{{packets}},"batches":{{batches}},"mbit":{{bytes * 8 / wall.TotalSeconds / 1e6:0.0}},"cpu_s":{{cpu.TotalSeconds:0.00}},"cpu_s_per_gib":{{cpu.TotalSeconds / bytes * (1L << 30):0.00}},"allocated_bytes_per_packet":{{(double)(GC.GetTotalAllocatedBytes() - garbageBefore) / Math.Max(1, packets):0.0}}}"""));

    static int Number(Dictionary<string, string> options, string name, int otherwise) =>
        options.TryGetValue(name, out string? text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : otherwise;

    static DerpMap Map(string relay, string? pin)
    {
        int colon = relay.LastIndexOf(':');
        string host = relay[..colon];
        DerpNode node = new()
        {
            Name = "900a", RegionID = Region, HostName = host, DERPPort = int.Parse(relay[(colon + 1)..], CultureInfo.InvariantCulture),
            CertName = pin is null ? null : DerpUpgrade.PinPrefix + pin, InsecureForTests = pin is null,
        };
        return new() { Regions = new Dictionary<int, DerpRegion?> { [Region] = new() { RegionID = Region, RegionCode = "bench", Nodes = [node] } } };
    }

    sealed class Counter : DerpReceiver
    {
        long packets, bytes, batches;

        public long Packets => Interlocked.Read(ref packets);

        public long Bytes => Interlocked.Read(ref bytes);

        public long Batches => Interlocked.Read(ref batches);

        public override void Receive(DerpBatch batch)
        {
            long sum = 0;
            foreach (DerpPacket packet in batch.Packets)
            {
                sum += packet.Length;
            }

            Interlocked.Add(ref bytes, sum);
            Interlocked.Add(ref packets, batch.Count);
            Interlocked.Increment(ref batches);
            batch.Return();
        }
    }
}
