using System;
using Xunit;
using static MeshIoT.Stun.Tests.Bytes;

namespace MeshIoT.Stun.Tests;

/// <summary>The bytes of data-plane.md section 12.2 and the responses of RFC 5769.</summary>
public class KnownAnswerTests
{
    const string Request12 = "000100142112a4420102030405060708090a0b0c802200087461696c6e6f646580280004b32c370f";

    // RFC 5769 sections 2.2 and 2.3: software, mapped address, message integrity, fingerprint.
    const string ResponseV4 =
        "0101003c 2112a442 b7e7a701bc34d686fa87dfae 8022000b7465737420766563746f7220 002000080001a147e112a643"
        + "00080014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7 80280004c07d4c96";

    const string ResponseV6 =
        "01010048 2112a442 b7e7a701bc34d686fa87dfae 8022000b7465737420766563746f7220 002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
        + "00080014 a382954e4be67bf11784c97c8292c275bfe3ed41 80280004c8fb0b4c";

    [Fact]
    public void A_request_is_these_forty_bytes()
    {
        Assert.Equal(Request12, Convert.ToHexStringLower(Bytes.Request(Transaction)));
        Assert.Equal(StunFault.None, StunRequest.Read(Hex(Request12), out StunTransaction read));
        Assert.Equal(Transaction, read);
    }

    [Fact]
    public void The_answer_to_an_IPv4_node_is_32_bytes_and_holds_its_masked_address()
    {
        byte[] answer = new byte[StunResponse.MaxSize];
        int length = StunServer.Answer(Hex(Request12), Endpoint("192.0.2.1:32853"), answer, out StunFault fault);
        Assert.Equal(StunFault.None, fault);
        Assert.Equal("0101000c2112a4420102030405060708090a0b0c002000080001a147e112a643", Convert.ToHexStringLower(answer.AsSpan(0, length)));
    }

    [Fact]
    public void The_answer_to_an_IPv6_node_is_44_bytes()
    {
        byte[] answer = new byte[StunResponse.MaxSize], seen = new byte[18];
        int length = StunServer.Answer(Hex(Request12), Endpoint("[2001:db8::7]:41641"), answer, out _);
        Assert.Equal(44, length);
        Assert.Equal(StunFault.None, StunResponse.Read(answer.AsSpan(0, length), out StunTransaction transaction, seen));
        Assert.Equal(Transaction, transaction);
        Assert.Equal(Endpoint("[2001:db8::7]:41641"), seen);
    }

    [Theory]
    [InlineData(ResponseV4, "192.0.2.1:32853")]
    [InlineData(ResponseV6, "[2001:db8:1234:5678:11:2233:4455:6677]:32853")]
    public void The_responses_of_RFC_5769_are_read(string hex, string expected)
    {
        byte[] response = Hex(hex), seen = new byte[18];
        Assert.Equal(StunFault.None, StunResponse.Read(response, out StunTransaction transaction, seen));
        Assert.Equal(StunTransaction.Read(Hex("b7e7a701bc34d686fa87dfae")), transaction);
        Assert.Equal(Endpoint(expected), seen);
        Assert.Equal(Convert.ToHexStringLower(response[^4..]), (Crc32.Of(response.AsSpan(..^8)) ^ StunDatagram.FingerprintMask).ToString("x8"));
    }

    [Theory]
    [InlineData("802000080001a147e112a643")] // the draft's number
    [InlineData("000100080001805 5c0000201")] // plain
    [InlineData("000100080001 0016 08080808 002000080001a147e112a643")] // the masked one wins, wherever it stands
    [InlineData("80220003616263ff 002000080001a147e112a643")] // padding is whatever it is
    public void What_other_servers_send_is_read_as_well(string attributes)
    {
        byte[] seen = new byte[18];
        Assert.Equal(StunFault.None, StunResponse.Read(Message("0101", attributes), out _, seen));
        Assert.Equal(Endpoint("192.0.2.1:32853"), seen);
    }

    [Fact]
    public void Bytes_after_the_message_do_not_matter()
    {
        byte[] seen = new byte[18];
        byte[] padded = [.. Bytes.Response(Transaction, "198.51.100.9:7"), 1, 2, 3, 4, 5];
        Assert.Equal(StunFault.None, StunResponse.Read(padded, out _, seen));
        Assert.Equal(Endpoint("198.51.100.9:7"), seen);
    }

    [Theory]
    [InlineData("000100142112a4420102030405060708090a0b0c", true)]
    [InlineData("010100142112a4420102030405060708090a0b0c", true)]
    [InlineData("011100142112a4420102030405060708090a0b0c", false)] // an error response
    [InlineData("400100142112a4420102030405060708090a0b0c", false)]
    [InlineData("000100142112a4430102030405060708090a0b0c", false)]
    [InlineData("000100142112a4420102030405060708090a0b", false)]
    [InlineData("0100000011223344010203040506070809101112", false)] // WireGuard
    [InlineData("5453f09f92ac883186b800b41d5cf0429695da9b", false)] // disco
    public void STUN_is_told_from_the_other_datagrams_of_the_port(string hex, bool expected) =>
        Assert.Equal(expected, StunDatagram.IsStun(Hex(hex)));

    internal static byte[] Message(string type, string attributes)
    {
        byte[] body = Hex(attributes);
        return [.. Hex(type), (byte)(body.Length >> 8), (byte)body.Length, .. Hex("2112a442"), .. Hex("0102030405060708090a0b0c"), .. body];
    }
}
