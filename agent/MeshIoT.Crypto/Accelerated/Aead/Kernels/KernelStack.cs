using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;

namespace MeshIoT.Crypto.Kernels;

/// <summary>Room on the stack for 33 blocks of key stream, aligned to a block. A local of a caller that skips its initialisation.</summary>
[StructLayout(LayoutKind.Sequential, Size = (34 * 64) - 8)]
internal unsafe struct KernelStack
{
    /// <summary>The first byte at a multiple of 64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Aligned(KernelStack* local) => (byte*)(((nuint)local + 63) & ~(nuint)63);

    /// <summary>Whether 16 bytes are the same, in time that does not depend on where they differ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreEqual(byte* a, byte* b) =>
        ((((ulong*)a)[0] ^ ((ulong*)b)[0]) | (((ulong*)a)[1] ^ ((ulong*)b)[1])) == 0;

    /// <summary>Zeros 64 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WipeBlock(byte* block) => Wipe(block, 64);

    /// <summary>Zeros whole words as far as they hold some of the given bytes; volatile, or a compiler might leave it out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Wipe(byte* memory, nint length)
    {
        for (nint at = 0; at < length; at += 8)
        {
            Volatile.Write(ref *(ulong*)(memory + at), 0);
        }
    }
}
