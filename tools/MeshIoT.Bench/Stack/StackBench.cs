using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using MeshIoT.Crypto;
using MeshIoT.NetStack;
using IPStack = MeshIoT.NetStack.NetStack;

namespace MeshIoT.Bench;

/// <summary>
/// TCP from one userspace stack to another in this process, packet by packet, on one thread: what the stack costs by itself, both ends together.
/// One line of JSON a round: Mbit/s by the wall clock, seconds of processor time per GiB that was read at the far end.
/// </summary>
static class StackBench
{
    const int Port = 5201, Piece = 64 * 1024, Burst = 64;

    public const string Usage = "stack [--rounds N] [--seconds N] [--mtu BYTES]";

    public static int Run(ReadOnlySpan<string> args)
    {
        Dictionary<string, int> options = new() { ["--rounds"] = 7, ["--seconds"] = 2, ["--mtu"] = 1280 };
        for (int i = 0; i < args.Length; i += 2)
        {
            if (!options.ContainsKey(args[i]) || i + 1 >= args.Length || !int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out int value) || value == 0)
            {
                Console.Error.WriteLine("usage: MeshIoT.Bench " + Usage);
                return 2;
            }

            options[args[i]] = value;
        }

        // The first warms up.
        for (int round = 0; round <= options["--rounds"]; round++)
        {
            (double mbit, double cpu, long packets, long again) = new Pair(options["--mtu"]).Measure(options["--seconds"]);
            if (round > 0)
            {
                Console.Out.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{{\"mtu\":{options["--mtu"]},\"round\":{round},\"mbit\":{mbit:F0},\"cpu_s_per_gib\":{cpu:F3},\"packets\":{packets},\"retransmissions\":{again}}}"));
            }
        }

        return 0;
    }

    sealed class Pair
    {
        readonly IPStack near, far;
        readonly byte[] packet, data = new byte[Piece];
        readonly long began = Stopwatch.GetTimestamp();

        public Pair(int mtu)
        {
            near = new IPStack(new SystemRandomSource(), mtu);
            far = new IPStack(new SystemRandomSource(), mtu);
            near.AddAddress([10, 0, 0, 1]);
            far.AddAddress([10, 0, 0, 2]);
            packet = new byte[mtu];
        }

        long NowMs => (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds;

        public (double Mbit, double CpuPerGib, long Packets, long Retransmissions) Measure(int seconds)
        {
            TcpListener listener = far.Listen(Port, 1, null);
            TcpSocket sender = near.Connect(null, [10, 0, 0, 2], Port, NowMs, null);
            TcpSocket? receiver = null;
            while (receiver is null)
            {
                Move();
                receiver = listener.Accept();
            }

            long bytes = 0, cpu = ThreadClock.Nanoseconds, start = Stopwatch.GetTimestamp();
            TimeSpan wall;
            while ((wall = Stopwatch.GetElapsedTime(start)).TotalSeconds < seconds)
            {
                for (int i = 0; i < 64; i++)
                {
                    long nowMs = NowMs;
                    if (sender.SendRoom > 0)
                    {
                        sender.Send(data, 0, Math.Min(data.Length, sender.SendRoom), nowMs);
                    }

                    Move();
                    int count = receiver.Receive(data, 0, data.Length, nowMs);
                    bytes += count > 0 ? count : 0;
                }
            }

            double gib = bytes / (double)(1 << 30);
            return (bytes * 8 / wall.TotalSeconds / 1e6, (ThreadClock.Nanoseconds - cpu) / 1e9 / gib, near.PacketsSent + far.PacketsSent, near.TcpRetransmissions);
        }

        // Both have their turn, a burst each.
        void Move()
        {
            long nowMs = NowMs;
            Carry(near, far, nowMs);
            Carry(far, near, nowMs);
        }

        void Carry(IPStack from, IPStack to, long nowMs)
        {
            for (int i = 0; i < Burst; i++)
            {
                int length = from.Poll(nowMs, packet, 0);
                if (length == 0)
                {
                    return;
                }

                to.Input(packet, 0, length, nowMs);
            }
        }
    }
}
