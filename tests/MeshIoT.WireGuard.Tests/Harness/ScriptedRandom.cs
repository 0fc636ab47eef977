using System;
using System.Collections.Generic;
using MeshIoT.Crypto;

namespace MeshIoT.WireGuard.Tests;

/// <summary>A repeatable random source: indexes (4 bytes) and ephemeral keys (32 bytes) can be laid down, the rest comes from a seed.</summary>
sealed class ScriptedRandom(int seed) : RandomSource
{
    readonly Random random = new(seed);

    public Queue<uint> Indexes { get; } = new();

    public Queue<byte[]> Keys { get; } = new();

    /// <summary>When set, everything that is not laid down is this byte: jitter becomes a known number.</summary>
    public byte? Constant { get; set; }

    public override void Fill(byte[] buffer, int offset, int length)
    {
        Span<byte> target = buffer.AsSpan(offset, length);
        if (length == 4 && Indexes.TryDequeue(out uint index))
        {
            BitConverter.TryWriteBytes(target, index);
        }
        else if (length == 32 && Keys.TryDequeue(out byte[]? key))
        {
            key.CopyTo(target);
        }
        else if (Constant is byte same && length == 64)
        {
            target.Fill(same);
        }
        else
        {
            random.NextBytes(target);
        }
    }
}
