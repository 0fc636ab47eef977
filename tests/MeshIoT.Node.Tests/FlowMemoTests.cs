using System;
using CsCheck;
using MeshIoT.Node.Engine;
using Xunit;

namespace MeshIoT.Node.Tests;

/// <summary>What is taken for the same conversation is the same: addresses, protocol and ports, and nothing that could hide others. RFC 791, 8200, 9293, 768.</summary>
public unsafe class FlowMemoTests
{
    static byte[] Packet(bool six, byte protocol, int payload = 40)
    {
        byte[] packet = new byte[(six ? 40 : 20) + payload];
        byte[] from = six ? [0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1] : [100, 64, 0, 1], to = six ? [0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2] : [100, 64, 0, 2];
        int headers = IPPacket.WriteHeader(packet, protocol, from, to, payload);
        (packet[headers], packet[headers + 1], packet[headers + 2], packet[headers + 3]) = (1, 2, 3, 4);
        packet[headers + 13] = protocol == 6 ? (byte)16 : (byte)0;
        return packet;
    }

    static bool Same(byte[] first, byte[] second)
    {
        FlowMemo memo = default;
        fixed (byte* a = first, b = second)
        {
            memo.Remember(a, first.Length);
            return memo.Matches(b, second.Length);
        }
    }

    [Theory]
    [InlineData(false, 6)]
    [InlineData(false, 17)]
    [InlineData(true, 6)]
    [InlineData(true, 17)]
    public void A_conversation_goes_on_whatever_its_packets_hold(bool six, byte protocol)
    {
        byte[] first = Packet(six, protocol), next = Packet(six, protocol, 900);
        next[^1] = 9;
        (next[six ? 7 : 8], next[1]) = (12, 0);
        Assert.True(Same(first, next));
    }

    [Fact]
    public void A_bit_of_addresses_protocol_or_ports_makes_another_one() => Gen.Select(Gen.Bool, Gen.Bool, Gen.Int[0, 319], Gen.Int[0, 35]).Sample((six, udp, bit, port) =>
    {
        byte[] first = Packet(six, (byte)(udp ? 17 : 6)), other = [.. first];
        int addresses = six ? 256 : 64, at = port >= 32 ? (six ? 6 : 9) * 8 + 4 : bit < addresses ? (six ? 8 : 12) * 8 + bit : (six ? 40 : 20) * 8 + (bit % 32);
        other[at / 8] ^= (byte)(1 << (at % 8));
        Assert.False(Same(first, other));
    });

    [Fact]
    public void Openings_fragments_options_and_stumps_are_never_remembered_or_matched()
    {
        byte[] tcp = Packet(false, 6), syn = [.. tcp], options = [.. tcp], later = [.. tcp], more = [.. tcp], six = Packet(true, 6), extension = [.. six];
        syn[33] |= 2;
        options[0] = 0x46;
        later[7] = 1;
        more[6] |= 0x20;
        extension[6] = 44;
        foreach (byte[] odd in new[] { syn, options, later, more, tcp[..39] })
        {
            Assert.False(Same(odd, odd));
            Assert.False(Same(tcp, odd));
        }

        Assert.False(Same(extension, extension));
        Assert.False(Same(six, extension));
        Assert.False(Same(six, six[..59]));
        Assert.False(Same(Packet(false, 1), Packet(false, 1)));
        Assert.False(Same(tcp, six));
        Assert.True(Same(tcp, tcp));
    }

    [Fact]
    public void Nothing_matches_what_is_forgotten()
    {
        byte[] packet = Packet(true, 17);
        FlowMemo memo = default;
        fixed (byte* p = packet)
        {
            Assert.False(memo.Matches(p, packet.Length));
            memo.Remember(p, packet.Length);
            Assert.True(memo.IsSet);
            memo.Forget();
            Assert.False(memo.Matches(p, packet.Length));
        }
    }
}
