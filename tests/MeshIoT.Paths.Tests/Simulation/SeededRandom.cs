using System;
using MeshIoT.Crypto;

namespace MeshIoT.Paths.Tests.Simulation;

/// <summary>Repeatable randomness.</summary>
sealed class SeededRandom(int seed) : RandomSource
{
    readonly Random random = new(seed);

    public override void Fill(byte[] buffer, int offset, int length) => random.NextBytes(buffer.AsSpan(offset, length));
}
