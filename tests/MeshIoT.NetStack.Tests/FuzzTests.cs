using System;
using System.Collections.Generic;
using CsCheck;
using Xunit;

namespace MeshIoT.NetStack.Tests;

/// <summary>Bytes from the network never throw, whatever they are, and leave the stack working.</summary>
public class FuzzTests
{
    [Fact]
    public void Random_bytes_never_throw()
    {
        Probe probe = Busy();
        Gen.Byte.Array[0, 200].Sample(
            bytes =>
            {
                probe.Input(bytes);
                probe.Take();
            },
            seed: "0N0XIzNsQ0O2", iter: 20_000, threads: 1);
        Works(probe);
    }

    [Fact]
    public void Random_payloads_behind_right_headers_never_throw()
    {
        Probe probe = Busy();
        Random random = new(3);
        int[] protocols = [1, 6, 17, 58, 0, 43, 44, 60];
        for (int i = 0; i < 50_000; i++)
        {
            byte[] payload = new byte[random.Next(120)];
            random.NextBytes(payload);
            bool ipv6 = random.Next(2) == 0;
            int protocol = protocols[random.Next(protocols.Length)];
            int checksumAt = protocol switch { 1 or 58 => 2, 6 => 16, 17 => 6, _ => -1 };
            if (protocol is 6 or 17 && payload.Length >= 20)
            {
                BigEndian.Put16(payload, 2, random.Next(2) == 0 ? Probe.Port : 5000);
                payload[12] = (byte)(random.Next(5, 16) << 4);
                BigEndian.Put16(payload, 4, protocol == 17 ? payload.Length : random.Next(65536));
            }

            bool fits = checksumAt >= 0 && payload.Length >= checksumAt + 2;
            probe.Input(Packets.Ip(ipv6 ? Addresses.Left6 : Addresses.Left4, ipv6 ? Addresses.Right6 : Addresses.Right4, protocol, payload, fits ? checksumAt : -1));
            probe.Take();
            probe.NowMs++;
        }

        Works(probe);
    }

    [Fact]
    public void Flipped_bits_never_throw_and_the_checksums_see_them()
    {
        Random random = new(4);
        foreach (byte[] original in Corpus())
        {
            Probe probe = Busy();
            for (int i = 0; i < 4000; i++)
            {
                byte[] packet = (byte[])original.Clone();
                for (int flips = 1 + random.Next(3); flips > 0; flips--)
                {
                    packet[random.Next(packet.Length)] ^= (byte)(1 << random.Next(8));
                }

                probe.Stack.Input(packet, 0, random.Next(10) == 0 ? random.Next(packet.Length) : packet.Length, probe.NowMs);
                probe.Take();
            }

            Works(probe);
        }
    }

    static List<byte[]> Corpus() =>
    [
        Packets.Icmp(Addresses.Left4, Addresses.Right4, 8, 0, 1, Packets.Numbered(30)),
        Packets.Icmp(Addresses.Left6, Addresses.Right6, 128, 0, 1, Packets.Numbered(30)),
        Packets.Udp(Addresses.Left4, 1, Addresses.Right4, 5000, Packets.Numbered(30)),
        Packets.Udp(Addresses.Left6, 1, Addresses.Right6, 5000, Packets.Numbered(30)),
        Packets.Tcp(Addresses.Left4, 2, Addresses.Right4, 80, 1, 0, Probe.Syn, 100, [.. Probe.Mss(1000), .. Probe.WindowScale(2), .. Probe.SackPermitted]),
        Packets.Tcp(Addresses.Left6, 2, Addresses.Right6, 80, 1, 5, Probe.Ack, 100, Probe.Sack(1, 2, 3, 4), Packets.Numbered(30)),
        Packets.Icmp(Addresses.Left4, Addresses.Right4, 3, 3, 0, Packets.Tcp(Addresses.Right4, 80, Addresses.Left4, 2, 1, 0, Probe.Ack, 1)),
        Packets.Icmp(Addresses.Left6, Addresses.Right6, 2, 0, 900, Packets.Tcp(Addresses.Right6, 80, Addresses.Left6, 2, 1, 0, Probe.Ack, 1)),
    ];

    static Probe Busy()
    {
        Probe probe = new();
        probe.Stack.Listen(Probe.Port, 4, null);
        probe.Stack.OpenUdp(5000, null);
        return probe;
    }

    static void Works(Probe probe)
    {
        probe.Wait(300_000);
        probe.Input(Packets.Icmp(Addresses.Left4, Addresses.Right4, 8, 0, 1, [1]));
        Assert.Single(probe.Take());
        probe.Send(Probe.Syn, 77, 0, port: 60001);
        Assert.Contains(probe.Segments(), s => s.Is(Probe.Syn | Probe.Ack) && s.Ack == 78);
    }
}
