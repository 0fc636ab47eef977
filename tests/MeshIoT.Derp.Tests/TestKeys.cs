using System;
using System.Linq;
using MeshIoT.Crypto;

namespace MeshIoT.Derp.Tests;

/// <summary>Keys of consecutive bytes, as data-plane.md section 12.2 has them, and a random source that counts.</summary>
static class TestKeys
{
    public static byte[] Count(byte first, int length) => [.. Enumerable.Range(first, length).Select(static n => (byte)n)];

    public static NodePrivateKey Key(byte first) => NodePrivateKey.FromBytes(Count(first, 32));

    /// <summary>10, 11, 12 … in hexadecimal, whatever is asked.</summary>
    public sealed class CountingRandom : RandomSource
    {
        public override void Fill(byte[] buffer, int offset, int length) => Count(0x10, length).CopyTo(buffer, offset);
    }

    /// <summary>Repeatable randomness.</summary>
    public sealed class SeededRandom(int seed) : RandomSource
    {
        readonly Random random = new(seed);

        public override void Fill(byte[] buffer, int offset, int length)
        {
            lock (random)
            {
                random.NextBytes(buffer.AsSpan(offset, length));
            }
        }
    }
}
