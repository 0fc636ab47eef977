using System;
using System.Net;
using MeshIoT.Crypto;
using MeshIoT.Node.Engine;
using Xunit;

namespace MeshIoT.Node.Tests;

/// <summary>The messages inside the tunnel, byte by byte. data-plane.md section 7.4.</summary>
public sealed class TsmpTests
{
    static readonly byte[] From4 = [100, 64, 0, 2], To4 = [100, 64, 0, 1];
    static readonly byte[] From6 = IPAddress.Parse("fd7a:115c:a1e0::2").GetAddressBytes(), To6 = IPAddress.Parse("fd7a:115c:a1e0::1").GetAddressBytes();

    readonly byte[] output = new byte[Tsmp.LargestPacket];

    static IPPacket Read(byte[] bytes, int length) => IPPacket.TryRead(bytes.AsSpan(0, length), out IPPacket packet) ? packet : throw new InvalidOperationException();

    [Fact]
    public void A_ping_is_p_and_eight_bytes()
    {
        Assert.Equal(29, Tsmp.WritePing(output, From4, To4, "cookie42"u8));
        Assert.Equal("450000" + "1d" + "000040004063", Convert.ToHexStringLower(output.AsSpan(0, 10)));
        Assert.Equal("64400002" + "64400001" + "70" + "636f6f6b69653432", Convert.ToHexStringLower(output.AsSpan(12, 17)));
        Assert.Equal(49, Tsmp.WritePing(output, From6, To6, "cookie42"u8));
        Assert.Equal("60000000" + "0009" + "63" + "40", Convert.ToHexStringLower(output.AsSpan(0, 8)));
        Assert.Equal("70" + "636f6f6b69653432", Convert.ToHexStringLower(output.AsSpan(40, 9)));
    }

    [Fact]
    public void The_pong_to_our_ping_is_known_and_names_a_port()
    {
        int length = Tsmp.WritePing(output, From4, To4, "cookie42"u8);
        byte[] pong = new byte[Tsmp.LargestPacket];
        int answered = Tsmp.TryReply(Read(output, length), pong);
        Assert.Equal(31, answered);
        Assert.Equal("64400001" + "64400002" + "6f" + "636f6f6b69653432" + "0000", Convert.ToHexStringLower(pong.AsSpan(12, 19)));
        pong[29] = 0xa4;
        pong[30] = 0xba;
        Assert.True(Tsmp.TryReadPong(Read(pong, answered), "cookie42"u8, out int port));
        Assert.Equal(0xa4ba, port);
        Assert.False(Tsmp.TryReadPong(Read(pong, answered), "cookie43"u8, out _));
        Assert.False(Tsmp.TryReadPong(Read(output, length), "cookie42"u8, out _));
        Assert.Equal(0, Tsmp.TryReply(Read(pong, answered), output));
    }

    [Fact]
    public void An_advertisement_is_a_and_the_key()
    {
        using DiscoPrivateKey key = DiscoPrivateKey.Generate(new SystemRandomSource());
        Assert.Equal(53, Tsmp.WriteDiscoKey(output, From4, To4, key.PublicKey));
        Assert.Equal((byte)'a', output[20]);
        Assert.Equal(key.PublicKey.ToArray(), output[21..53]);
        Assert.True(Tsmp.TryReadDiscoKey(Read(output, 53), out DiscoPublicKey read));
        Assert.Equal(key.PublicKey, read);
        Assert.Equal(73, Tsmp.WriteDiscoKey(output, From6, To6, key.PublicKey));
        Assert.True(Tsmp.TryReadDiscoKey(Read(output, 73), out read));
        Assert.Equal(key.PublicKey, read);
        output.AsSpan(41).Clear();
        Assert.False(Tsmp.TryReadDiscoKey(Read(output, 73), out _));
    }

    [Fact]
    public void What_is_cut_short_is_none_and_what_is_longer_is_read()
    {
        byte[] packet = new byte[100];
        foreach (byte type in "po!a\0\xff"u8)
        {
            for (int payload = 0; payload <= 60; payload++)
            {
                int length = IPPacket.WriteHeader(packet, IPPacket.Tsmp, From4, To4, payload) + payload;
                packet.AsSpan(20).Fill(7);
                packet[20] = type;
                IPPacket read = Read(packet, length);
                Assert.Equal(type == 'p' && payload >= 9, Tsmp.TryReply(read, output) != 0);
                Assert.Equal(type == 'o' && payload >= 11, Tsmp.TryReadPong(read, [7, 7, 7, 7, 7, 7, 7, 7], out _));
                Assert.Equal(type == 'a' && payload >= 33, Tsmp.TryReadDiscoKey(read, out _));
            }
        }
    }

    [Fact]
    public void Random_packets_are_never_more_than_what_they_are()
    {
        Random random = new(11);
        byte[] packet = new byte[80];
        for (int i = 0; i < 100_000; i++)
        {
            random.NextBytes(packet);
            packet[0] = (byte)(i % 2 == 0 ? 0x45 : 0x60);
            packet[i % 2 == 0 ? 9 : 6] = IPPacket.Tsmp;
            packet[i % 2 == 0 ? 2 : 4] = 0;
            if (IPPacket.TryRead(packet.AsSpan(0, random.Next(packet.Length)), out IPPacket read))
            {
                int length = Tsmp.TryReply(read, output);
                Assert.True(length == 0 || read.Payload[0] == 'p');
                Assert.True(!Tsmp.TryReadPong(read, "cookie42"u8, out _) && (!Tsmp.TryReadDiscoKey(read, out _) || read.Payload[0] == 'a'));
            }
        }
    }
}
