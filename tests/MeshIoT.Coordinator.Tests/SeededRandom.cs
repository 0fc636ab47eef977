using System;
using MeshIoT.Crypto;

namespace MeshIoT.Coordinator.Tests;

/// <summary>The same bytes every run.</summary>
internal sealed class SeededRandom(int seed) : RandomSource
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
