using System;
using Xunit;

namespace MeshIoT.NetStack.Tests;

/// <summary>What RFC 791, RFC 1122 section 3.2.1 and RFC 8200 say must be dropped is dropped, and counted under its reason.</summary>
public class IpInputTests
{
    readonly Probe probe = new();

    byte[] Ping4() => Packets.Icmp(Addresses.Left4, Addresses.Right4, 8, 0, 0x00010001, Packets.Numbered(20));

    byte[] Ping6() => Packets.Icmp(Addresses.Left6, Addresses.Right6, 128, 0, 0x00010001, Packets.Numbered(20));

    void Dropped(DropReason reason, byte[] packet, int length = -1)
    {
        long before = probe.Stack.DropCount(reason);
        probe.Stack.Input(packet, 0, length < 0 ? packet.Length : length, probe.NowMs);
        Assert.Equal(before + 1, probe.Stack.DropCount(reason));
        Assert.Empty(probe.Take());
    }

    static byte[] With(byte[] packet, int at, byte value)
    {
        packet[at] = value;
        if (packet[0] >> 4 == 4)
        {
            packet[10] = packet[11] = 0;
            BigEndian.Put16(packet, 10, Checksum.Finish(Checksum.Add(0, packet, 0, Math.Min(packet.Length, (packet[0] & 15) * 4))));
        }

        return packet;
    }

    [Fact]
    public void Neither_version_4_nor_6_nor_anything_at_all()
    {
        Dropped(DropReason.NotIp, []);
        Dropped(DropReason.NotIp, [0x50, 0, 0, 0]);
    }

    [Fact]
    public void Cut_anywhere_it_is_dropped()
    {
        byte[] four = Ping4(), six = Ping6();
        for (int length = 1; length < four.Length; length++)
        {
            Dropped(DropReason.Truncated, four, length);
        }

        for (int length = 1; length < six.Length; length++)
        {
            Dropped(DropReason.Truncated, six, length);
        }
    }

    [Fact]
    public void Bytes_after_the_packet_are_padding()
    {
        probe.Input(Packets.Join(Ping4(), new byte[7]));
        probe.Input(Packets.Join(Ping6(), new byte[7]));
        Assert.Equal(2, probe.Take().Count);
    }

    [Fact]
    public void A_header_shorter_than_the_least_or_longer_than_the_packet()
    {
        Dropped(DropReason.BadHeader, With(Ping4(), 0, 0x44));
        byte[] tooLong = With(Ping4(), 3, 19);
        Dropped(DropReason.BadHeader, tooLong);
    }

    [Fact]
    public void A_wrong_header_checksum()
    {
        byte[] packet = Ping4();
        packet[8]--;
        Dropped(DropReason.BadChecksum, packet);
    }

    [Fact]
    public void Fragments_first_and_later()
    {
        Dropped(DropReason.Fragment, With(Ping4(), 6, 0x20));
        Dropped(DropReason.Fragment, With(Ping4(), 7, 1));
        Dropped(DropReason.Fragment, WithExtension(44, [0, 0, 0, 1, 0, 0, 0, 9]));
        Dropped(DropReason.Fragment, WithExtension(44, [0, 0, 0, 8, 0, 0, 0, 9]));
    }

    [Fact]
    public void Other_destinations_and_impossible_sources()
    {
        Dropped(DropReason.NotForUs, Packets.Icmp(Addresses.Left4, Addresses.Stranger4, 8, 0, 0, []));
        Dropped(DropReason.NotForUs, Packets.Icmp(Addresses.Left6, Addresses.Stranger6, 128, 0, 0, []));
        foreach (string source in new[] { "0.0.0.0", "127.0.0.1", "224.0.0.1", "255.255.255.255", "100.64.0.2" })
        {
            Dropped(DropReason.BadSource, Packets.Icmp(Addresses.Of(source), Addresses.Right4, 8, 0, 0, []));
        }

        foreach (string source in new[] { "::", "::1", "ff02::1", "fd7a:115c:a1e0::2" })
        {
            Dropped(DropReason.BadSource, Packets.Icmp(Addresses.Of(source), Addresses.Right6, 128, 0, 0, []));
        }
    }

    [Fact]
    public void A_protocol_nobody_speaks()
    {
        Dropped(DropReason.UnknownProtocol, Packets.Ip(Addresses.Left4, Addresses.Right4, 132, new byte[20]));
        Dropped(DropReason.UnknownProtocol, Packets.Ip(Addresses.Left4, Addresses.Right4, 58, new byte[20]));
        Dropped(DropReason.UnknownProtocol, Packets.Ip(Addresses.Left6, Addresses.Right6, 59, new byte[20]));
    }

    [Fact]
    public void IPv4_options_are_skipped()
    {
        byte[] plain = Ping4(), packet = Packets.Join(plain[..20], [1, 1, 1, 0], plain[20..]);
        packet[3] += 4;
        probe.Input(With(packet, 0, 0x46));
        Assert.Single(probe.Take());
    }

    /// <summary>An echo request behind one extension header; its first byte is set to ICMPv6.</summary>
    byte[] WithExtension(int kind, byte[] extension)
    {
        byte[] plain = Ping6();
        extension[0] = 58;
        byte[] packet = Packets.Join(plain[..40], extension, plain[40..]);
        packet[6] = (byte)kind;
        BigEndian.Put16(packet, 4, packet.Length - 40);
        return packet;
    }

    [Fact]
    public void Extension_headers_that_may_be_skipped_are_skipped()
    {
        probe.Input(WithExtension(0, [0, 0, 1, 4, 0, 0, 0, 0]));
        probe.Input(WithExtension(60, [0, 0, 0x1E, 4, 1, 2, 3, 4]));
        probe.Input(WithExtension(43, [0, 0, 4, 0, 0, 0, 0, 0]));
        probe.Input(WithExtension(44, [0, 0, 0, 0, 0, 0, 0, 9]));
        Assert.Equal(4, probe.Take().Count);
    }

    [Fact]
    public void Extension_headers_that_may_not_be_skipped_are_not()
    {
        Dropped(DropReason.ExtensionHeader, WithExtension(0, [0, 0, 0xC2, 4, 0, 0, 0, 0]));
        Dropped(DropReason.ExtensionHeader, WithExtension(60, [0, 0, 0x41, 4, 0, 0, 0, 0]));
        Dropped(DropReason.ExtensionHeader, WithExtension(60, [0, 0, 0x1E, 5, 0, 0, 0, 0]));
        Dropped(DropReason.ExtensionHeader, WithExtension(43, [0, 0, 4, 1, 0, 0, 0, 0]));
        Dropped(DropReason.Truncated, WithExtension(60, [0, 200, 1, 4, 0, 0, 0, 0]));
    }

    [Fact]
    public void A_chain_of_extension_headers_without_end_is_cut_off()
    {
        byte[] chain = new byte[40 + (8 * 100)];
        Packets.Ip(Addresses.Left6, Addresses.Right6, 60, new byte[800]).CopyTo(chain, 0);
        for (int i = 0; i < 100; i++)
        {
            new byte[] { 60, 0, 1, 4, 0, 0, 0, 0 }.CopyTo(chain, 40 + (8 * i));
        }

        Dropped(DropReason.ExtensionHeader, chain);
    }
}
