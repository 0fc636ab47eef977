using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Threading;

namespace MeshIoT.Interop.Nat;

/// <summary>
/// The internet's distances: what is routed into one TUN interface comes out of another, later or never. Kernels without
/// netem have no other way to be slow. Packets of one pair of networks keep their order, but for those that a rule hurries.
/// </summary>
sealed unsafe class Wire
{
    // Beyond this a real queue would drop, too.
    const int MostWaiting = 20_000, LongestPacket = 65_536;

    readonly List<WireRule> rules = [];
    readonly Dictionary<(UInt128 From, UInt128 To), (long Ticks, double Loss, double Hurry)> known = [];
    readonly PriorityQueue<byte[], (long Due, long Number)> waiting = new();
    readonly int input, output;
    long number;

    /// <summary>Opens both interfaces, which must exist in the namespace of the calling thread.</summary>
    public Wire(string inputName, string outputName, IEnumerable<WireRule> rules)
    {
        input = OpenTun(inputName);
        output = OpenTun(outputName);
        this.rules.AddRange(rules);
    }

    /// <summary>Carries packets until the process ends.</summary>
    public void Run()
    {
        new Thread(Deliver) { IsBackground = true, Name = "deliver" }.Start();
        byte[] buffer = new byte[LongestPacket];
        while (true)
        {
            nint length;
            fixed (byte* first = buffer)
            {
                length = Native.Read(input, first, LongestPacket);
            }

            if (length < 20)
            {
                if (length < 0)
                {
                    Thread.Sleep(1);
                }

                continue;
            }

            Take(buffer.AsSpan(0, (int)length));
        }
    }

    void Take(ReadOnlySpan<byte> packet)
    {
        (UInt128 From, UInt128 To) ends = Ends(packet);
        if (!known.TryGetValue(ends, out (long Ticks, double Loss, double Hurry) way))
        {
            way = Way(ends);
            known[ends] = way;
        }

        if (way.Loss > 0 && Random.Shared.NextDouble() < way.Loss)
        {
            return;
        }

        long ticks = way.Hurry > 0 && Random.Shared.NextDouble() < way.Hurry ? 0 : way.Ticks;
        lock (waiting)
        {
            if (waiting.Count < MostWaiting)
            {
                waiting.Enqueue(packet.ToArray(), (Stopwatch.GetTimestamp() + ticks, number++));
                Monitor.Pulse(waiting);
            }
        }
    }

    // Both ends' networks add their delay; losses are independent, and so is hurry.
    (long Ticks, double Loss, double Hurry) Way((UInt128 From, UInt128 To) ends)
    {
        double kept = 1, slow = 1;
        TimeSpan delay = TimeSpan.Zero;
        foreach (UInt128 end in (ReadOnlySpan<UInt128>)[ends.From, ends.To])
        {
            IPAddress address = Address(end);
            foreach (WireRule rule in rules)
            {
                if (rule.Network.Contains(address))
                {
                    delay += rule.Delay;
                    kept *= 1 - rule.Loss;
                    slow *= 1 - rule.Hurry;
                    break;
                }
            }
        }

        return ((long)(delay.TotalSeconds * Stopwatch.Frequency), 1 - kept, 1 - slow);
    }

    void Deliver()
    {
        while (true)
        {
            byte[] packet;
            lock (waiting)
            {
                while (true)
                {
                    if (!waiting.TryPeek(out _, out (long Due, long Number) next))
                    {
                        Monitor.Wait(waiting);
                        continue;
                    }

                    long left = next.Due - Stopwatch.GetTimestamp();
                    if (left <= 0)
                    {
                        break;
                    }

                    Monitor.Wait(waiting, Math.Max(1, (int)(left * 1000 / Stopwatch.Frequency)));
                }

                packet = waiting.Dequeue();
            }

            fixed (byte* first = packet)
            {
                _ = Native.Write(output, first, (nuint)packet.Length);
            }
        }
    }

    static (UInt128 From, UInt128 To) Ends(ReadOnlySpan<byte> packet) => packet[0] >> 4 == 4 || packet.Length < 40
        ? (V4(packet[12..16]), V4(packet[16..20]))
        : (BinaryPrimitives.ReadUInt128BigEndian(packet[8..]), BinaryPrimitives.ReadUInt128BigEndian(packet[24..]));

    static UInt128 V4(ReadOnlySpan<byte> address) => 0xffff_0000_0000UL | BinaryPrimitives.ReadUInt32BigEndian(address);

    static IPAddress Address(UInt128 value)
    {
        byte[] bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        IPAddress address = new(bytes);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    static int OpenTun(string name)
    {
        int descriptor = Native.Check(Native.Open("/dev/net/tun", Native.OpenReadWrite | Native.CloseOnExec), "/dev/net/tun");
        byte* request = stackalloc byte[40];
        new Span<byte>(request, 40).Clear();
        Encoding.ASCII.GetBytes(name, new Span<byte>(request, 15));
        *(ushort*)(request + 16) = Native.TunWithoutHeader;
        Native.Check(Native.Control(descriptor, Native.TunSetInterface, request), name);
        return descriptor;
    }
}
