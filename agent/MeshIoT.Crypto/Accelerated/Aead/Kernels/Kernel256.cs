using System.Runtime.CompilerServices;

namespace MeshIoT.Crypto.Kernels;

/// <summary>ChaCha20-Poly1305 for CPUs with AVX2. The arguments are those of <see cref="AeadKernel"/>.</summary>
internal static unsafe class Kernel256
{
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Seal256(uint* key, ulong nonce, byte* text, byte* output, nint length)
    {
        KernelStack stack;
        Stitched<Rows256>.Seal(key, nonce, text, output, length, KernelStack.Aligned(&stack));
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static int Open256(uint* key, ulong nonce, byte* cipher, byte* output, nint length)
    {
        KernelStack stack;
        return Stitched<Rows256>.Open(key, nonce, cipher, output, length, KernelStack.Aligned(&stack));
    }
}
