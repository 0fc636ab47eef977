using System;
using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace MeshIoT.Fuzz.Engine;

/// <summary>
/// Which branches an input took, and how often: the map that SharpFuzz's instrumentation counts in. In assemblies that are not
/// instrumented nothing is counted; then every input looks the same, and fuzzing is blind.
/// </summary>
sealed unsafe class Coverage
{
    const int Size = 65_536;

    static readonly byte* Map = (byte*)NativeMemory.AllocZeroed(Size);

    readonly byte[] seen = new byte[Size];

    /// <summary>Instrumented code writes from its first instruction on: to be called before any of it runs.</summary>
    public static void Begin() => Trace.SharedMem = Map;

    /// <summary>Branches that were ever taken.</summary>
    public int Branches { get; private set; }

    /// <summary>Before an input.</summary>
    public void Reset()
    {
        new Span<byte>(Map, Size).Clear();
        Trace.PrevLocation = 0;
    }

    /// <summary>After it: whether it took a branch that none took before, or one another number of times.</summary>
    public bool IsNews()
    {
        bool news = false;
        ReadOnlySpan<byte> counted = new(Map, Size);
        for (int at = counted.IndexOfAnyExcept((byte)0); at >= 0;)
        {
            byte kind = KindOf(counted[at]);
            if ((seen[at] & kind) == 0)
            {
                Branches += seen[at] == 0 ? 1 : 0;
                seen[at] |= kind;
                news = true;
            }

            int next = counted[(at + 1)..].IndexOfAnyExcept((byte)0);
            at = next < 0 ? -1 : at + 1 + next;
        }

        return news;
    }

    // Once, twice, three times, and then by powers of two: a loop that runs once more is no news for ever.
    static byte KindOf(byte times) => times switch { <= 3 => (byte)(1 << (times - 1)), <= 7 => 8, <= 15 => 16, <= 31 => 32, <= 127 => 64, _ => 128 };
}
