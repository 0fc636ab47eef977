using System.Runtime.CompilerServices;

namespace MeshIoT.Crypto.Kernels;

/// <summary>ChaCha20-Poly1305 for CPUs with NEON (arm64) or SSSE3. The arguments are those of <see cref="AeadKernel"/>.</summary>
internal static unsafe class Kernel128
{
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Seal128(uint* key, ulong nonce, byte* text, byte* output, nint length)
    {
        KernelStack stack;
        Stitched<Columns128>.Seal(key, nonce, text, output, length, KernelStack.Aligned(&stack));
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static int Open128(uint* key, ulong nonce, byte* cipher, byte* output, nint length)
    {
        KernelStack stack;
        return Stitched<Columns128>.Open(key, nonce, cipher, output, length, KernelStack.Aligned(&stack));
    }
}
