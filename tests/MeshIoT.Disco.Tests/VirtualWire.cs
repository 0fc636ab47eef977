using System;
using System.Collections.Generic;

namespace MeshIoT.Disco.Tests;

/// <summary>
/// The network between test nodes, on a virtual clock: delivers each datagram after the delay of its destination, and loses,
/// doubles and damages as told. Keeps a copy of all that was sent.
/// </summary>
sealed class VirtualWire(int seed)
{
    readonly Random random = new(seed);
    readonly PriorityQueue<Datagram, long> underWay = new();
    readonly Dictionary<string, TestNode> places = [];

    public long NowMs { get; private set; } = 1_000_000;

    public double Loss { get; set; }

    public double Doubling { get; set; }

    /// <summary>Up to so much is added to each delay, so that datagrams overtake each other.</summary>
    public int JitterMs { get; set; }

    /// <summary>One way, by destination; others take 1 ms.</summary>
    public Dictionary<string, int> DelayMs { get; } = [];

    /// <summary>Destinations that swallow everything.</summary>
    public HashSet<string> Dead { get; } = [];

    public List<Datagram> Sent { get; } = [];

    public static byte[] Endpoint(string text) =>
        System.Net.IPEndPoint.Parse(text) is var e ? [.. e.Address.MapToIPv6().GetAddressBytes(), (byte)(e.Port >> 8), (byte)e.Port] : [];

    public static string Text(ReadOnlySpan<byte> endpoint18) =>
        new System.Net.IPEndPoint(new System.Net.IPAddress(endpoint18[..16]).MapToIPv4(), (endpoint18[16] << 8) | endpoint18[17]).ToString();

    public void Place(TestNode node, string at) => places[at] = node;

    public void Send(byte[] bytes, string from, string to)
    {
        Datagram datagram = new(bytes, from, to, NowMs);
        Sent.Add(datagram);
        for (int copies = random.NextDouble() < Doubling ? 2 : 1; copies > 0; copies--)
        {
            if (random.NextDouble() >= Loss && !Dead.Contains(to))
            {
                underWay.Enqueue(datagram, NowMs + DelayMs.GetValueOrDefault(to, 1) + (JitterMs == 0 ? 0 : random.Next(JitterMs)));
            }
        }
    }

    public void LoseWhatIsUnderWay() => underWay.Clear();

    public void Pass(long ms, params ReadOnlySpan<TestNode> nodes)
    {
        for (long end = NowMs + ms; ;)
        {
            long next = underWay.TryPeek(out _, out long due) ? due : long.MaxValue;
            foreach (TestNode node in nodes)
            {
                next = Math.Min(next, node.Device.NextWakeMs);
            }

            if (next > end)
            {
                NowMs = end;
                return;
            }

            NowMs = Math.Max(NowMs, next);
            while (underWay.TryPeek(out _, out due) && due <= NowMs)
            {
                Datagram datagram = underWay.Dequeue();
                places.GetValueOrDefault(datagram.To)?.Take(datagram.Bytes, datagram.From, datagram.To);
            }

            foreach (TestNode node in nodes)
            {
                node.Device.Poll(NowMs);
            }
        }
    }

    public sealed record Datagram(byte[] Bytes, string From, string To, long AtMs);
}
