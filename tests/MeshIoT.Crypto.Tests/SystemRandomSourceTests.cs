using System;
using System.Linq;
using Xunit;

namespace MeshIoT.Crypto.Tests;

/// <summary>The kernel's random bytes: in the range asked for, all of it, and nowhere else.</summary>
public class SystemRandomSourceTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(32)]
    [InlineData(100_000)]
    public void Fill_writes_the_range_and_only_the_range(int length)
    {
        byte[] buffer = new byte[length + 20];
        new SystemRandomSource().Fill(buffer, 10, length);
        Assert.True(buffer.Take(10).Concat(buffer.Skip(10 + length)).All(b => b == 0));
        Assert.True(length < 32 || buffer.Skip(10 + length - 16).Take(16).Any(b => b != 0));
    }

    [Fact]
    public void Two_fills_differ()
    {
        byte[] a = new byte[32], b = new byte[32];
        SystemRandomSource source = new();
        source.Fill(a, 0, 32);
        source.Fill(b, 0, 32);
        Assert.NotEqual(a, b);
        Assert.Throws<ArgumentException>(() => source.Fill(a, 10, 30));
    }
}
