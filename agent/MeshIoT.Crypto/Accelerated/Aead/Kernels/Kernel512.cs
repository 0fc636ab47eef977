using System.Runtime.CompilerServices;

namespace MeshIoT.Crypto.Kernels;

/// <summary>ChaCha20-Poly1305 (RFC 8439, section 2.8) without associated data, for CPUs with AVX-512 F, BW, CD, DQ and VL.</summary>
/// <remarks>
/// The key stream goes to the stack first, as far as the text is long at most 2048 bytes of it; so a text may be opened in place and
/// yet stay as it was when the tag is wrong. What was used of it is zero when a call returns. The arguments are those of
/// <see cref="AeadKernel"/>.
/// </remarks>
internal static unsafe class Kernel512
{
    const int RowsReach = (8 * 64) - 64, SixteenReach = (16 * 64) - 64, MixedReach = (24 * 64) - 64, Pass = 32 * 64;

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Seal512(uint* key, ulong nonce, byte* input, byte* output, nint length)
    {
        KernelStack stack;
        byte* stream = KernelStack.Aligned(&stack);
        Begin(key, nonce, stream, length);
        nint first = length < Pass - 64 ? length : Pass - 64;
        Bytes512.Combine(stream + 64, input, output, first);
        if (length > first)
        {
            Continue(key, nonce, stream + 64, input, output, length);
        }

        Poly512.Tag((ulong*)stream, output, length, output + length);
        KernelStack.WipeBlock(stream);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static int Open512(uint* key, ulong nonce, byte* input, byte* output, nint length)
    {
        KernelStack stack;
        byte* stream = KernelStack.Aligned(&stack);
        Begin(key, nonce, stream, length);
        Poly512.Tag((ulong*)stream, input, length, stream + 32);
        bool genuine = KernelStack.AreEqual(stream + 32, input + length);
        KernelStack.WipeBlock(stream);
        nint first = length < Pass - 64 ? length : Pass - 64;
        if (!genuine)
        {
            KernelStack.Wipe(stream + 64, first);
            return 0;
        }

        Bytes512.Combine(stream + 64, input, output, first);
        if (length > first)
        {
            Continue(key, nonce, stream + 64, input, output, length);
        }

        return 1;
    }

    /// <summary>The one-time key and as much of the key stream as the text needs, at most 31 blocks of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Begin(uint* key, ulong nonce, byte* stream, nint length)
    {
        if (length <= RowsReach)
        {
            Rows512.Eight(key, nonce, stream);
        }
        else if (length <= SixteenReach)
        {
            Columns512.Sixteen(key, nonce, stream);
        }
        else if (length <= MixedReach)
        {
            Columns512.TwentyFour(key, nonce, stream);
        }
        else
        {
            Columns512.ThirtyTwo(key, 0, nonce, stream);
        }
    }

    /// <summary>What is beyond the first 31 blocks of text, 32 blocks at a time.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Continue(uint* key, ulong nonce, byte* stream, byte* input, byte* output, nint length)
    {
        uint block = 32;
        for (nint at = Pass - 64; at < length; at += Pass, block += 32)
        {
            Columns512.ThirtyTwo(key, block, nonce, stream);
            Bytes512.Combine(stream, input + at, output + at, length - at < Pass ? length - at : Pass);
        }
    }
}
