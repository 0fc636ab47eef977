using System;
using System.Collections.Generic;
using System.Linq;

namespace MeshIoT.NetStack.Tests;

/// <summary>One stack, and a peer that is nobody but the test: it sends any segment it likes and sees every answer.</summary>
internal sealed class Probe
{
    public const int Fin = TcpConstants.Fin, Syn = TcpConstants.Syn, Rst = TcpConstants.Rst, Psh = TcpConstants.Psh, Ack = TcpConstants.Ack;
    public const int PeerPort = 40000, Port = 80;
    public const uint PeerIss = 0xFFFFF000; // so that every longer test wraps around
    readonly byte[] output = new byte[65536];

    public Probe(StackLimits? limits = null, bool ipv6 = false, int seed = 1)
    {
        Peer = ipv6 ? Addresses.Left6 : Addresses.Left4;
        Self = ipv6 ? Addresses.Right6 : Addresses.Right4;
        Stack = new NetStack(new SeededRandom(seed), 1280, limits ?? new StackLimits());
        Stack.AddAddress(Addresses.Right4);
        Stack.AddAddress(Addresses.Right6);
    }

    public NetStack Stack { get; }

    public byte[] Peer { get; }

    public byte[] Self { get; }

    public long NowMs { get; set; } = 1000;

    /// <summary>The peer's next sequence number and the last one of the stack it saw.</summary>
    public uint Seq { get; set; } = PeerIss;

    public uint StackSeq { get; set; }

    public int StackPort { get; set; } = Port;

    public int Window { get; set; } = 65535;

    public static byte[] Mss(int mss) => [2, 4, (byte)(mss >> 8), (byte)mss];

    public static byte[] WindowScale(int shift) => [1, 3, 3, (byte)shift];

    public static byte[] SackPermitted => [1, 1, 4, 2];

    public static byte[] Sack(params uint[] edges)
    {
        byte[] option = new byte[4 + (4 * edges.Length)];
        option[0] = option[1] = 1;
        option[2] = 5;
        option[3] = (byte)(2 + (4 * edges.Length));
        for (int i = 0; i < edges.Length; i++)
        {
            BigEndian.Put32(option, 4 + (4 * i), edges[i]);
        }

        return option;
    }

    public void Input(byte[] packet) => Stack.Input(packet, 0, packet.Length, NowMs);

    public void Send(int flags, uint seq, uint ack, byte[]? data = null, byte[]? options = null, int port = PeerPort) =>
        Input(Packets.Tcp(Peer, port, Self, StackPort, seq, ack, flags, Window, options, data));

    /// <summary>Data in order; moves the peer's sequence number on.</summary>
    public void SendData(byte[] data)
    {
        Send(Ack | Psh, Seq, StackSeq, data);
        Seq += (uint)data.Length;
    }

    public void Acknowledge(byte[]? options = null) => Send(Ack, Seq, StackSeq, options: options);

    public List<byte[]> Take()
    {
        List<byte[]> packets = [];
        int length;
        while ((length = Stack.Poll(NowMs, output, 0)) > 0)
        {
            packets.Add(output.AsSpan(0, length).ToArray());
        }

        return packets;
    }

    public List<Segment> Segments() => Take().ConvertAll(Segment.Parse);

    public Segment One() => Segments().Single();

    /// <summary>Moves the clock, polling whenever the stack asks for it; what it sends, with the time.</summary>
    public List<(long At, Segment Segment)> Wait(long ms)
    {
        List<(long, Segment)> seen = [];
        long end = NowMs + ms;
        while (true)
        {
            seen.AddRange(Segments().Select(s => (NowMs, s)));
            long next = Stack.NextWakeMs;
            if (next > end)
            {
                NowMs = end;
                return seen;
            }

            NowMs = Math.Max(NowMs, next);
        }
    }

    /// <summary>The next segment the stack sends by itself, and the clock stands at its time.</summary>
    public Segment Next(long withinMs)
    {
        long end = NowMs + withinMs;
        while (true)
        {
            List<Segment> segments = Segments();
            if (segments.Count > 0)
            {
                return segments.Single();
            }

            if (Stack.NextWakeMs > end)
            {
                throw new InvalidOperationException("nothing was sent");
            }

            NowMs = Math.Max(NowMs, Stack.NextWakeMs);
        }
    }

    /// <summary>The peer connects to the stack.</summary>
    public TcpSocket Accept(byte[]? options = null)
    {
        TcpListener listener = Stack.Listen(Port, 4, null);
        Send(Syn, PeerIss, 0, options: options ?? Mss(1000));
        Segment answer = One();
        Seq = PeerIss + 1;
        StackSeq = answer.Seq + 1;
        Acknowledge();
        TcpSocket socket = listener.Accept() ?? throw new InvalidOperationException("not accepted");
        listener.Close();
        if (Take().Count > 0)
        {
            throw new InvalidOperationException("the handshake has a fourth segment");
        }

        return socket;
    }

    /// <summary>The stack connects to the peer.</summary>
    public TcpSocket Connect(byte[]? options = null)
    {
        TcpSocket socket = Stack.Connect(null, Peer, PeerPort, NowMs, null);
        Segment syn = One();
        StackPort = syn.SourcePort;
        StackSeq = syn.Seq + 1;
        Send(Syn | Ack, PeerIss, StackSeq, options: options ?? Mss(1000));
        Seq = PeerIss + 1;
        _ = One();
        return socket;
    }
}
