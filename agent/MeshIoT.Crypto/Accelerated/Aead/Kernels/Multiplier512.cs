using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MeshIoT.Crypto.Kernels;

/// <summary>Eight multipliers of five limbs, and five times the upper four limbs: what a product above 2^130 comes back with.</summary>
internal readonly struct Multiplier512
{
    public readonly Vector512<ulong> A, B, C, D, E, B5, C5, D5, E5;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Multiplier512(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c, Vector512<ulong> d, Vector512<ulong> e)
    {
        A = a;
        B = b;
        C = c;
        D = d;
        E = e;
        B5 = TimesFive(b);
        C5 = TimesFive(c);
        D5 = TimesFive(d);
        E5 = TimesFive(e);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> TimesFive(Vector512<ulong> x) => x + (x << 2);
}
