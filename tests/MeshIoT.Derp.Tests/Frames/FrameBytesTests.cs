using System;
using System.Net;
using MeshIoT.Crypto;
using Xunit;

namespace MeshIoT.Derp.Tests;

/// <summary>Every frame's bytes as data-plane.md section 4.2 lays them out, and back.</summary>
public class FrameBytesTests
{
    static readonly NodePublicKey Key = NodePublicKey.FromBytes(TestKeys.Count(0x20, 32)), Other = NodePublicKey.FromBytes(TestKeys.Count(0x40, 32));
    static readonly string KeyHex = Convert.ToHexStringLower(TestKeys.Count(0x20, 32)), OtherHex = Convert.ToHexStringLower(TestKeys.Count(0x40, 32));

    static string Hex(byte[] buffer, int written) => Convert.ToHexStringLower(buffer, 0, written);

    [Fact]
    public void Packets_carry_a_key_and_forwarded_ones_two()
    {
        byte[] buffer = new byte[200];
        Assert.Equal("0400000023" + KeyHex + "aabbcc", Hex(buffer, PacketFrame.Write(buffer, FrameType.SendPacket, Key, [0xaa, 0xbb, 0xcc])));
        Assert.Equal("0500000020" + KeyHex, Hex(buffer, PacketFrame.Write(buffer, FrameType.RecvPacket, Key, [])));
        Assert.Equal("0a00000045" + KeyHex + OtherHex, Hex(buffer, PacketFrame.WriteForwardHeader(buffer, Key, Other, 5)));
        Assert.Equal(Key, PacketFrame.KeyOf(buffer.AsSpan(5)));
    }

    [Fact]
    public void Small_frames_are_small()
    {
        byte[] buffer = new byte[100];
        Assert.Equal("0600000000", Hex(buffer, SmallFrames.WriteEmpty(buffer, FrameType.KeepAlive)));
        Assert.Equal("070000000101", Hex(buffer, SmallFrames.WriteNotePreferred(buffer, true)));
        Assert.Equal("070000000100", Hex(buffer, SmallFrames.WriteNotePreferred(buffer, false)));
        Assert.Equal("1100000020" + KeyHex, Hex(buffer, SmallFrames.WriteClosePeer(buffer, Key)));
        Assert.Equal("12000000080102030405060708", Hex(buffer, new PingFrame(0x0102030405060708).Write(buffer, FrameType.Ping)));
        Assert.Equal("13000000080102030405060708", Hex(buffer, new PingFrame(0x0102030405060708).Write(buffer, FrameType.Pong)));
        Assert.Equal("1400000002" + "6869", Hex(buffer, SmallFrames.WriteHealth(buffer, "hi"u8)));
        Assert.Equal("1500000008" + "000003e8" + "00002710", Hex(buffer, new RestartingFrame(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10)).Write(buffer)));
        Assert.True(RestartingFrame.TryRead(buffer.AsSpan(5, 8), out RestartingFrame restarting));
        Assert.Equal(TimeSpan.FromSeconds(10), restarting.TryFor);
    }

    [Fact]
    public void Who_is_gone_comes_with_a_reason_or_without()
    {
        byte[] buffer = new byte[100];
        Assert.Equal("0800000021" + KeyHex + "01", Hex(buffer, new PeerGoneFrame(Key, PeerGoneReason.NotHere).Write(buffer)));
        Assert.True(PeerGoneFrame.TryRead(buffer.AsSpan(5, 33), out PeerGoneFrame gone));
        Assert.Equal(new PeerGoneFrame(Key, PeerGoneReason.NotHere), gone);
        Assert.True(PeerGoneFrame.TryRead(buffer.AsSpan(5, 32), out gone));
        Assert.Equal(PeerGoneReason.Disconnected, gone.Reason);
    }

    [Fact]
    public void Who_is_present_comes_with_an_address_and_flags()
    {
        byte[] buffer = new byte[100];
        PeerPresentFrame present = new(Key, new IPEndPoint(IPAddress.Parse("192.0.2.1"), 4000), PeerPresentFlags.Regular | PeerPresentFlags.NotIdeal);
        Assert.Equal("0900000033" + KeyHex + "00000000000000000000ffffc0000201" + "0fa0" + "09", Hex(buffer, present.Write(buffer)));
        Assert.True(PeerPresentFrame.TryRead(buffer.AsSpan(5, 51), out PeerPresentFrame read));
        Assert.Equal(present, read);
        Assert.True(PeerPresentFrame.TryRead(buffer.AsSpan(5, 32), out read));
        Assert.Null(read.Address);
    }
}
