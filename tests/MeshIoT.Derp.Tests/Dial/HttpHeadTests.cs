using System;
using System.Text;
using Xunit;

namespace MeshIoT.Derp.Tests;

/// <summary>What a server or a proxy says before frames begin, whole, cut and damaged.</summary>
public sealed class HttpHeadTests
{
    static readonly byte[] Good = Encoding.ASCII.GetBytes("HTTP/1.1 101 Switching Protocols\r\nUpgrade: DERP\r\nDerp-Version: 2\r\nDerp-Public-Key: 00\r\n\r\nrest");

    [Fact]
    public void A_head_is_read_when_it_is_whole_and_what_follows_is_left()
    {
        for (int cut = 0; cut < Good.Length - 4; cut++)
        {
            Assert.True(HttpHead.TryRead(Good.AsSpan(0, cut), out HttpHead? none) && none is null, $"cut at {cut}");
        }

        Assert.True(HttpHead.TryRead(Good, out HttpHead? head));
        Assert.Equal((101, Good.Length - 4, "DERP", "2"), (head!.Status, head.Length, head.Header("upgrade"), head.Header("Derp-Version")));
    }

    [Fact]
    public void Flipped_bits_and_noise_never_throw_and_never_make_a_head_longer_than_what_came()
    {
        Random random = new(3);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = i % 4 == 0 ? new byte[random.Next(200)] : [.. Good];
            if (i % 4 == 0)
            {
                random.NextBytes(bytes);
            }
            else
            {
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            }

            if (HttpHead.TryRead(bytes, out HttpHead? head) && head is not null)
            {
                Assert.InRange(head.Length, 1, bytes.Length);
                Assert.InRange(head.Status, 0, 999);
                _ = head.Header("Upgrade");
            }
        }
    }
}
