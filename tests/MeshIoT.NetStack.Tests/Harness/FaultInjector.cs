using System;

namespace MeshIoT.NetStack.Tests;

/// <summary>What a bad network does to packets, from a seed.</summary>
internal sealed class FaultInjector(int seed)
{
    readonly Random random = new(seed);

    public double Loss { get; init; }

    public double Duplication { get; init; }

    /// <summary>One flipped bit per corrupted packet.</summary>
    public double Corruption { get; init; }

    public double Reordering { get; init; }

    public int DelayMs { get; init; } = 5;

    public int JitterMs { get; init; }

    public bool Drops() => random.NextDouble() < Loss;

    public bool Duplicates() => random.NextDouble() < Duplication;

    public int Delay() => DelayMs + random.Next(JitterMs + 1) + (random.NextDouble() < Reordering ? (3 * DelayMs) + random.Next(20) : 0);

    public void MayCorrupt(byte[] packet)
    {
        if (random.NextDouble() < Corruption)
        {
            packet[random.Next(packet.Length)] ^= (byte)(1 << random.Next(8));
        }
    }
}
