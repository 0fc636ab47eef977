using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Crypto;

namespace MeshIoT.WireGuard.Tests;

/// <summary>
/// Two devices on a wire with a virtual clock. Datagrams take 10 ms; the wire keeps a copy of each and can drop, change, delay or
/// repeat them. Time jumps from event to event, so a year costs what happens in it.
/// </summary>
sealed class EavesdroppingWire
{
    const int DelayMs = 10;

    readonly PriorityQueue<(Captured Datagram, byte[] Source), (long, long)> flight = new();
    readonly byte[] output = new byte[70000];
    long order;

    public EavesdroppingWire(CryptoSuite? suite = null, byte[]? presharedKey = null, DeviceLimits? limits = null)
    {
        suite ??= new SodiumSuite();
        Initiator = new TestNode(0, suite, limits);
        Responder = new TestNode(1, suite, limits);
        Initiator.Trust(Responder, presharedKey);
        Responder.Trust(Initiator, presharedKey);
    }

    public TestNode Initiator { get; }

    public TestNode Responder { get; }

    public long NowMs { get; private set; } = 1_000_000;

    public List<Captured> Log { get; } = [];

    /// <summary>What the wire makes of a datagram: each result is delivered after so many more milliseconds. Null: as it is.</summary>
    public Func<Captured, IEnumerable<(byte[] Bytes, int ExtraMs)>>? Weather { get; set; }

    /// <summary>True while nothing gets through.</summary>
    public bool IsCut { get; set; }

    /// <summary>Why the last datagram was not taken.</summary>
    public DeviceFault LastFault { get; private set; }

    public int Count(PacketKind kind) => Log.Count(c => c.Kind == kind);

    public int Count(PacketKind kind, TestNode from) => Log.Count(c => c.Kind == kind && c.From == from);

    public TestNode Other(TestNode node) => node == Initiator ? Responder : Initiator;

    /// <summary>When such datagrams left, counted from a moment.</summary>
    public long[] Times(PacketKind kind, TestNode from, long since) => Log.Where(c => c.Kind == kind && c.From == from).Select(c => c.AtMs - since).ToArray();

    /// <summary>All jitter becomes zero, so that a test can name the millisecond.</summary>
    public EavesdroppingWire WithoutJitter()
    {
        Initiator.Random.Constant = Responder.Random.Constant = 0;
        return this;
    }

    /// <summary>Sends a packet of the host and whatever must go out before the clock moves.</summary>
    public byte[] Send(TestNode from, int payload = 64, int number = 0, bool ipv6 = false)
    {
        TestNode to = Other(from);
        byte[] packet = ipv6 ? InnerPackets.Create(from.Address6, to.Address6, payload, number) : InnerPackets.Create(from.Address, to.Address, payload, number);
        Handle(from, from.Device.Send(packet, 0, packet.Length, NowMs, output, 0));
        Pump(from);
        return packet;
    }

    /// <summary>Both hosts exchange a packet, so that a session is up and confirmed.</summary>
    public void Connect()
    {
        Send(Initiator);
        Advance(1000);
        Send(Responder);
        Advance(1000);
        Log.Clear();
        Initiator.Delivered.Clear();
        Responder.Delivered.Clear();
    }

    /// <summary>Hands a datagram to a node as if it came from an address.</summary>
    public DeviceResult Inject(TestNode to, byte[] datagram, byte[]? source = null)
    {
        DeviceResult result = to.Device.Receive(datagram, 0, datagram.Length, source ?? Other(to).Endpoint, NowMs, output, 0);
        LastFault = to.Device.LastFault;
        Handle(to, result);
        Pump(to);
        return result;
    }

    public void Advance(long milliseconds)
    {
        long end = NowMs + milliseconds;
        Pump(Initiator);
        Pump(Responder);
        while (true)
        {
            long next = Math.Min(Initiator.Device.NextWakeMs, Responder.Device.NextWakeMs);
            if (flight.TryPeek(out _, out (long At, long) first))
            {
                next = Math.Min(next, first.At);
            }

            if (next > end)
            {
                break;
            }

            NowMs = Math.Max(NowMs, next);
            while (flight.TryPeek(out _, out (long At, long) due) && due.At <= NowMs)
            {
                var (datagram, source) = flight.Dequeue();
                Inject(datagram.To, datagram.Bytes, source);
            }

            Pump(Initiator);
            Pump(Responder);
        }

        NowMs = end;
    }

    public void Pump(TestNode node)
    {
        for (int i = 0; ; i++)
        {
            Xunit.Assert.True(i < 10000, "Poll does not come to rest");
            DeviceResult result = node.Device.Poll(NowMs, output, 0);
            if (result == DeviceResult.Done)
            {
                Xunit.Assert.True(node.Device.NextWakeMs > NowMs, "Poll says Done but wants to be woken now");
                return;
            }

            Handle(node, result);
        }
    }

    void Handle(TestNode node, DeviceResult result)
    {
        byte[] bytes = output.AsSpan(0, node.Device.Written).ToArray();
        if (result == DeviceResult.DeliverToHost)
        {
            node.Delivered.Add(bytes);
        }
        else if (result == DeviceResult.SendToNetwork)
        {
            Carry(new Captured(NowMs, node, Other(node), bytes), node.Device.Endpoint);
        }
    }

    void Carry(Captured datagram, byte[]? destination)
    {
        Log.Add(datagram);
        if (IsCut || destination == null || !destination.AsSpan().SequenceEqual(datagram.To.Endpoint))
        {
            return;
        }

        byte[] source = datagram.From.Endpoint;
        foreach (var (bytes, extra) in Weather?.Invoke(datagram) ?? [(datagram.Bytes, 0)])
        {
            flight.Enqueue((datagram with { Bytes = bytes }, source), (NowMs + DelayMs + extra, order++));
        }
    }
}
