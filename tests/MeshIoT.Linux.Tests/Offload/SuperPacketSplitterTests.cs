using System;
using System.Collections.Generic;
using CsCheck;
using MeshIoT.Linux.Offload;
using Xunit;

namespace MeshIoT.Linux.Tests.Offload;

/// <summary>Large packets of the kernel are cut as it would cut them itself; nonsense is dropped.</summary>
public class SuperPacketSplitterTests
{
    static List<byte[]> Cut(SuperPacketSplitter splitter, byte[] header, byte[] packet, int room = 65_535)
    {
        header.CopyTo(splitter.Buffer, 0);
        packet.CopyTo(splitter.Buffer, header.Length);
        splitter.Begin(header.Length + packet.Length);
        List<byte[]> pieces = [];
        byte[] piece = new byte[room];
        for (int length = splitter.Next(piece); length > 0; length = splitter.Next(piece))
        {
            pieces.Add(piece[..length]);
        }

        return pieces;
    }

    static byte[] Header(byte flags, byte kind, int size, int start, int offset)
    {
        byte[] header = new byte[VirtioHeader.Size];
        new VirtioHeader { Flags = flags, Kind = kind, SegmentSize = (ushort)size, ChecksumStart = (ushort)start, ChecksumOffset = (ushort)offset }.Write(header);
        return header;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void FIN_and_PSH_are_the_last_ones_and_CWR_the_first_ones(bool six)
    {
        byte[] packet = Packets.Tcp(six, 1, uint.MaxValue - 100, 2500, 0x80 | Packets.Ack | Packets.Push | Packets.Fin, id: 65_535);
        List<byte[]> pieces = Cut(new(), Header(1, (byte)(six ? 4 : 1), 1000, six ? 40 : 20, 16), packet);
        int flags = (six ? 40 : 20) + 13;
        Assert.Equal(3, pieces.Count);
        Assert.Equal((0x90, 0x10, 0x19), (pieces[0][flags], pieces[1][flags], pieces[2][flags]));
        Assert.Equal(ReferenceCutter.Cut(Header(1, (byte)(six ? 4 : 1), 1000, six ? 40 : 20, 16), packet), pieces);
    }

    [Fact]
    public void Every_large_packet_is_cut_as_the_reference_cuts_it() =>
        Gen.Select(Gen.Bool, Gen.Int[1, 60_000], Gen.Int[1, 9_000], Gen.Byte, Gen.UInt, Gen.Int[0, 10]).Sample((six, payload, size, flags, sequence, options) =>
        {
            byte[] packet = Packets.Tcp(six, 3, sequence, payload, flags, (ushort)sequence, options: new byte[options * 4]);
            byte[] header = Header(1, (byte)((six ? 4 : 1) | (flags & 0x80)), size, six ? 40 : 20, 16);
            Assert.Equal(ReferenceCutter.Cut(header, packet), Cut(new(), header, packet));
        }, iter: 300);

    [Fact]
    public void Every_large_datagram_is_cut_as_the_reference_cuts_it() =>
        Gen.Select(Gen.Bool, Gen.Int[1, 60_000], Gen.Int[1, 9_000], Gen.UShort).Sample((six, payload, size, id) =>
        {
            byte[] packet = Packets.Udp(six, payload, id: id), header = Header(1, VirtioHeader.Udp, size, six ? 40 : 20, 6);
            Assert.Equal(ReferenceCutter.Cut(header, packet), Cut(new(), header, packet));
        }, iter: 300);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_checksum_that_is_only_begun_is_finished(bool six)
    {
        foreach (int length in new[] { 0, 1, 2, 33, 1200 })
        {
            byte[] right = Packets.Udp(six, length);
            int ip = six ? 40 : 20;
            byte[] begun = [.. right];

            // What the kernel leaves there: the sum of the pseudo header. The checksum is the complement of that and the rest.
            (begun[ip + 6], begun[ip + 7]) = (0, 0);
            ushort rest = Packets.Sum(begun.AsSpan(ip));
            int pseudo = (ushort)~(right[ip + 6] << 8 | right[ip + 7]) - rest;
            pseudo = pseudo < 0 ? pseudo + 0xffff : pseudo;
            (begun[ip + 6], begun[ip + 7]) = ((byte)(pseudo >> 8), (byte)pseudo);
            Assert.Equal([right], Cut(new(), Header(1, 0, 0, ip, 6), begun));
        }
    }

    [Fact]
    public void A_plain_packet_goes_through_as_it_is() => Assert.Equal([Packets.Udp(true, 7)], Cut(new(), new byte[10], Packets.Udp(true, 7)));

    [Fact]
    public void What_is_not_what_its_header_says_is_dropped_and_counted()
    {
        SuperPacketSplitter splitter = new();
        byte[] packet = Packets.Tcp(false, 1, 1, 3000);
        Assert.Empty(Cut(splitter, Header(1, 4, 1000, 20, 16), packet));     // IPv6 it is not
        Assert.Empty(Cut(splitter, Header(1, 1, 0, 20, 16), packet));        // pieces of nothing
        Assert.Empty(Cut(splitter, Header(1, 1, 1000, 24, 16), packet));     // TCP begins elsewhere
        Assert.Empty(Cut(splitter, Header(1, 1, 1000, 20, 16), packet[..39])); // the end is missing
        Assert.Empty(Cut(splitter, Header(1, 3, 1000, 20, 16), packet));     // fragments of UDP nobody asked for
        Assert.Empty(Cut(splitter, Header(1, 5, 1000, 20, 6), packet[..28])); // UDP without payload
        Assert.Empty(Cut(splitter, Header(1, 0, 0, 65_000, 6), packet));     // a checksum behind the end
        Assert.Empty(Cut(splitter, new byte[10], []));
        Assert.Empty(Cut(splitter, Header(1, 1, 2000, 20, 16), packet, room: 1280)); // pieces that nobody can take
        Assert.Equal(9, splitter.Drops);
    }

    [Fact]
    public void No_bytes_are_too_strange_for_it() => Gen.Byte.Array[0, 400].Sample(bytes =>
    {
        SuperPacketSplitter splitter = new();
        bytes.CopyTo(splitter.Buffer, 0);
        splitter.Begin(bytes.Length);
        byte[] piece = new byte[1280];
        int pieces = 0;
        while (splitter.Next(piece) is > 0 and var length)
        {
            Assert.InRange(length, 1, 1280);
            Assert.InRange(++pieces, 1, 400);
        }
    });
}
