using System;
using System.Linq;
using Xunit;
using static MeshIoT.Stun.Tests.Bytes;

namespace MeshIoT.Stun.Tests;

/// <summary>Whatever comes from the network: nothing throws, and only good messages count.</summary>
public class HostileInputTests
{
    static StunFault Serve(byte[] datagram)
    {
        byte[] answer = new byte[StunResponse.MaxSize];
        int length = StunServer.Answer(datagram, Endpoint("192.0.2.1:1"), answer, out StunFault fault);
        Assert.Equal(fault == StunFault.None, length > 0);
        Assert.True(length <= datagram.Length + 4, "an answer amplifies nothing");
        return fault;
    }

    static StunFault Hear(byte[] datagram) => StunResponse.Read(datagram, out _, new byte[18]);

    [Fact]
    public void Only_whole_requests_of_our_family_are_answered()
    {
        byte[] good = Bytes.Request(Transaction);
        Assert.Equal(StunFault.None, Serve(good));
        for (int cut = 0; cut < good.Length; cut++)
        {
            Assert.NotEqual(StunFault.None, Serve(good[..cut]));
        }

        for (int bit = 0; bit < good.Length * 8; bit++)
        {
            byte[] flipped = [.. good];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(StunFault.None, Serve(flipped));
        }
    }

    [Fact]
    public void A_request_without_name_or_without_fingerprint_at_its_end_meets_silence()
    {
        byte[] whole = Bytes.Request(Transaction);
        string fingerprint = Convert.ToHexStringLower(whole[^8..]), name = Convert.ToHexStringLower(whole[20..32]);
        Assert.Equal(StunFault.ForeignSoftware, Serve(KnownAnswerTests.Message("0001", "")));
        Assert.Equal(StunFault.ForeignSoftware, Serve(KnownAnswerTests.Message("0001", fingerprint)));
        Assert.Equal(StunFault.BadFingerprint, Serve(KnownAnswerTests.Message("0001", name)));
        Assert.Equal(StunFault.BadFingerprint, Serve(KnownAnswerTests.Message("0001", fingerprint + name)));
        Assert.Equal(StunFault.BadFingerprint, Serve(KnownAnswerTests.Message("0001", name + fingerprint + "80220000")));
        Assert.Equal(StunFault.Malformed, Serve(KnownAnswerTests.Message("0001", name + "8028ffff00000000")));
        Assert.Equal(StunFault.OtherType, Serve(Bytes.Response(Transaction, "192.0.2.1:1")));
        Assert.Equal(StunFault.NotStun, Serve([.. whole, .. new byte[StunRequest.MaxSize]]));
    }

    [Fact]
    public void Responses_that_are_cut_or_lie_about_lengths_name_no_address()
    {
        byte[] good = Bytes.Response(Transaction, "192.0.2.1:32853");
        for (int cut = 0; cut < good.Length; cut++)
        {
            Assert.Equal(StunFault.NotStun, Hear(good[..cut]));
        }

        Assert.Equal(StunFault.NoAddress, Hear(KnownAnswerTests.Message("0101", "")));
        Assert.Equal(StunFault.OtherType, Hear(Bytes.Request(Transaction)));
        Assert.Equal(StunFault.Malformed, Hear(KnownAnswerTests.Message("0101", "0020ffff0001a147e112a643")));
        Assert.Equal(StunFault.Malformed, Hear(KnownAnswerTests.Message("0101", "002000080003a147e112a643")));
        Assert.Equal(StunFault.Malformed, Hear(KnownAnswerTests.Message("0101", "002000080002a147e112a643")));
        Assert.Equal(StunFault.Malformed, Hear(KnownAnswerTests.Message("0101", "002000020001")));
        Assert.Equal(StunFault.Malformed, Hear(KnownAnswerTests.Message("0101", "0020001800" + string.Concat(Enumerable.Repeat("01", 23)))));
        Assert.Equal(StunFault.Malformed, Hear(KnownAnswerTests.Message("0101", "002000")));
    }

    [Fact]
    public void Noise_never_throws_and_writes_nothing()
    {
        Random random = new(20261125);
        byte[] good = Bytes.Response(Transaction, "[2001:db8::1]:9");
        for (int round = 0; round < 50_000; round++)
        {
            byte[] datagram;
            if (round % 2 == 0)
            {
                datagram = new byte[random.Next(0, 100)];
                random.NextBytes(datagram);
                if (datagram.Length >= 20)
                {
                    (datagram[0], datagram[1]) = ((byte)random.Next(2), 1);
                    Hex("2112a442").CopyTo(datagram, 4);
                    datagram[2] = 0;
                }
            }
            else
            {
                datagram = [.. good];
                for (int flips = random.Next(1, 8); flips > 0; flips--)
                {
                    datagram[random.Next(datagram.Length)] ^= (byte)(1 << random.Next(8));
                }
            }

            byte[] seen = new byte[18];
            StunFault fault = StunResponse.Read(datagram, out _, seen);
            Assert.True(fault == StunFault.None || seen.All(static b => b == 0));
            Serve(datagram);
        }
    }
}
