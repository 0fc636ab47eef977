using System;
using Xunit;

namespace MeshIoT.Derp.Tests;

/// <summary>What a relay says it takes is kept to.</summary>
public class SendRateTests
{
    [Fact]
    public void Bytes_flow_at_the_rate_told_after_the_burst()
    {
        SendRate rate = SendRate.From(new() { TokenBucketBytesPerSecond = 1_000_000, TokenBucketBytesBurst = 200_000 }, 0)!;
        long now = 0, sent = 0;
        while (now < 10_000)
        {
            sent += 60_000;
            now += rate.Spend(60_000, now);
        }

        Assert.InRange(sent, 10_000_000, 10_400_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(long.MaxValue)]
    public void Silly_rates_neither_stop_us_for_long_nor_break_arithmetic(long bytesPerSecond)
    {
        SendRate rate = SendRate.From(new() { TokenBucketBytesPerSecond = bytesPerSecond, TokenBucketBytesBurst = long.MaxValue }, 0)!;
        for (int i = 0; i < 100; i++)
        {
            Assert.InRange(rate.Spend(100_000, i * 10), 0, 1000);
        }

        Assert.Null(SendRate.From(new(), 0));
        Assert.Null(SendRate.From(new() { TokenBucketBytesPerSecond = -5 }, 0));
    }
}
