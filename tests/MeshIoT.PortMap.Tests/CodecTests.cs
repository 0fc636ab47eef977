using System;
using System.Net;
using System.Text;
using CsCheck;
using MeshIoT.PortMap.NatPmp;
using MeshIoT.PortMap.Pcp;
using MeshIoT.PortMap.Upnp;
using Xunit;

namespace MeshIoT.PortMap.Tests;

/// <summary>Datagrams as RFC 6886 and RFC 6887 draw them.</summary>
public class CodecTests
{
    static readonly byte[] Nonce = Convert.FromHexString("0102030405060708090a0b0c");

    static byte[] PcpAnswer() => Convert.FromHexString(
        "0281000000000e10" + "00000064" + "000000000000000000000000" // header, result 0, 3600 s, epoch 100
        + "0102030405060708090a0b0c" + "11000000" + "a2a9" + "c350" // nonce, UDP, 41641, 50000
        + "00000000000000000000ffff2d424d58");

    [Fact]
    public void NAT_PMP_requests()
    {
        Assert.Equal("0000", Convert.ToHexString(NatPmpMessage.AddressRequest()));
        Assert.Equal("00010000A2A9C35000001C20", Convert.ToHexString(NatPmpMessage.MapRequest(41641, 50000, 7200)));
    }

    [Fact]
    public void NAT_PMP_answers()
    {
        Assert.True(NatPmpMessage.TryRead(Convert.FromHexString("00800000000000642D424D58"), out NatPmpMessage address));
        Assert.Equal(new NatPmpMessage { Operation = 0, Result = 0, Epoch = 100, Address = 0x2d424d58 }, address);
        Assert.True(NatPmpMessage.TryRead(Convert.FromHexString("0081000000000064A2A9C35000001C20"), out NatPmpMessage map));
        Assert.Equal(new NatPmpMessage { Operation = 1, Result = 0, Epoch = 100, InternalPort = 41641, ExternalPort = 50000, Lifetime = 7200 }, map);
        Assert.True(NatPmpMessage.TryRead(Convert.FromHexString("0081000200000064"), out NatPmpMessage refused));
        Assert.Equal((1, 2), (refused.Operation, refused.Result));
        Assert.False(NatPmpMessage.TryRead(Convert.FromHexString("0081000000000064A2A9C35000001C"), out _));
        Assert.False(NatPmpMessage.TryRead(Convert.FromHexString("0082000000000064A2A9C35000001C20"), out _));
        Assert.False(NatPmpMessage.TryRead(Convert.FromHexString("0001000000000064A2A9C35000001C20"), out _));
    }

    [Fact]
    public void PCP_requests()
    {
        byte[] map = PcpMessage.MapRequest(IPAddress.Parse("192.168.1.20"), Nonce, 41641, 50000, IPAddress.Parse("45.66.77.88"), 7200);
        Assert.Equal(
            "0201000000001C20" + "00000000000000000000FFFFC0A80114" + "0102030405060708090A0B0C" + "11000000" + "A2A9" + "C350"
            + "00000000000000000000FFFF2D424D58",
            Convert.ToHexString(map));
        Assert.Equal("020000000000000000000000000000000000FFFFC0A80114", Convert.ToHexString(PcpMessage.AnnounceRequest(IPAddress.Parse("192.168.1.20"))));
    }

    [Fact]
    public void A_PCP_answer_counts_only_with_our_nonce_our_port_and_UDP()
    {
        Assert.True(PcpMessage.TryRead(PcpAnswer(), Nonce, 41641, out PcpMessage map));
        Assert.Equal(
            new PcpMessage { Operation = 1, Result = 0, Lifetime = 3600, Epoch = 100, ExternalPort = 50000, ExternalAddress = IPAddress.Parse("45.66.77.88") }, map);
        Assert.False(PcpMessage.TryRead(PcpAnswer(), Nonce, 41642, out _));
        Assert.False(PcpMessage.TryRead(PcpAnswer(), new byte[12], 41641, out _));
        byte[] tcp = PcpAnswer();
        tcp[36] = 6;
        Assert.False(PcpMessage.TryRead(tcp, Nonce, 41641, out _));
    }

    [Fact]
    public void A_search_finds_only_plain_http_at_the_gateway()
    {
        byte[] answer = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=120\r\nlocation:http://192.168.1.1:5000/d.xml\r\n\r\n");
        Assert.True(Ssdp.TryReadAnswer(answer, FakeGateway.Address, out Uri? location));
        Assert.Equal("http://192.168.1.1:5000/d.xml", location!.ToString());
        Assert.False(Ssdp.TryReadAnswer(answer, IPAddress.Parse("192.168.1.2"), out _));
        Assert.False(Ssdp.TryReadAnswer(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\n\r\nLOCATION: http://192.168.1.1/\r\n"), FakeGateway.Address, out _));
    }

    [Fact]
    public void Random_datagrams_never_throw() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        NatPmpMessage.TryRead(bytes, out _);
        PcpMessage.TryRead(bytes, Nonce, 41641, out _);
        Ssdp.TryReadAnswer(bytes, FakeGateway.Address, out _);
        Ssdp.TryReadNotice(bytes, out _);
    });

    [Fact]
    public void Flipped_bits_and_cuts_never_throw_and_what_is_read_is_sane()
    {
        byte[] answer = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nLOCATION: http://192.168.1.1:5000/d.xml\r\n\r\n");
        foreach (byte[] valid in new[] { PcpAnswer(), Convert.FromHexString("0081000000000064A2A9C35000001C20"), answer, FakeGateway.Notice("ssdp:alive", 3) })
        {
            for (int bit = 0; bit < valid.Length * 8; bit++)
            {
                byte[] flipped = (byte[])valid.Clone();
                flipped[bit / 8] ^= (byte)(1 << (bit % 8));
                foreach (byte[] bytes in new[] { flipped, valid[..(bit / 8)] })
                {
                    NatPmpMessage.TryRead(bytes, out _);
                    PcpMessage.TryRead(bytes, Nonce, 41641, out _);
                    Ssdp.TryReadNotice(bytes, out _);
                    Assert.False(Ssdp.TryReadAnswer(bytes, FakeGateway.Address, out Uri? location) && location!.Host != "192.168.1.1");
                }
            }
        }
    }

    [Fact]
    public void A_mapper_lives_through_a_storm_of_nonsense_from_its_gateway()
    {
        FakeGateway gateway = new() { NatPmp = true };
        gateway.Enter();
        Random random = new(7);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = new byte[random.Next(0, 70)];
            random.NextBytes(bytes);
            if (bytes.Length > 1)
            {
                bytes[0] = (byte)(random.Next(4) * 2 % 4);
                bytes[1] = (byte)(0x80 + random.Next(3));
            }

            gateway.Deliver(bytes);
            gateway.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.True(gateway.Sent.Count < 100, $"{gateway.Sent.Count} messages in 20 s");
        gateway.Advance(TimeSpan.FromHours(1.1));
        Assert.NotNull(gateway.Mapper.Current);
    }
}
