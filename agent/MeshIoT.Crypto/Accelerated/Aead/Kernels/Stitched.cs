using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MeshIoT.Crypto.Kernels;

/// <summary>
/// ChaCha20-Poly1305 (RFC 8439, section 2.8) without associated data, by passes that do both ciphers at once. What was used of the
/// key stream is zero when a call returns.
/// </summary>
internal static unsafe class Stitched<TPass>
    where TPass : struct, IChaChaPass
{
    /// <summary>As much text as a packet has whose whole key stream waits on the stack for the verdict.</summary>
    const int Ahead = (32 * 64) - 64;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Seal(uint* key, ulong nonce, byte* input, byte* output, nint length, byte* stream)
    {
        int pass = TPass.Blocks * 64;
        PolyState poly = default;
        TPass.Run(key, 0, nonce, stream, length + 64, &poly, output, 0);
        poly = ScalarPoly.Begin((ulong*)stream);

        nint done = length < pass - 64 ? length : pass - 64, absorbed = 0;
        Bytes256.Combine(stream + 64, input, output, done);
        for (uint block = (uint)TPass.Blocks; done < length; block += (uint)TPass.Blocks)
        {
            // The text of the pass before; always whole blocks, for another pass follows it.
            TPass.Run(key, block, nonce, stream + 64, length - done, &poly, output + absorbed, (done - absorbed) >> 4);
            absorbed = done;
            nint count = length - done < pass ? length - done : pass;
            Bytes256.Combine(stream + 64, input + done, output + done, count);
            done += count;
        }

        TPass.Finish(&poly, (ulong*)stream, output + absorbed, length - absorbed, length, output + length);
        KernelStack.WipeBlock(stream);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Open(uint* key, ulong nonce, byte* input, byte* output, nint length, byte* stream)
    {
        int pass = TPass.Blocks * 64;
        PolyState poly = default;
        TPass.Run(key, 0, nonce, stream, length + 64, &poly, input, 0);
        poly = ScalarPoly.Begin((ulong*)stream);

        // The stream of up to 31 blocks of text, and as much of the cipher text as fits beside.
        nint first = length < Ahead ? length : Ahead, absorbed = 0;
        uint block = (uint)TPass.Blocks;
        for (nint at = pass; at < first + 64; at += pass, block += (uint)TPass.Blocks)
        {
            nint count = length - absorbed < pass ? (length - absorbed) >> 4 : pass >> 4;
            TPass.Run(key, block, nonce, stream + at, first + 64 - at, &poly, input + absorbed, count);
            absorbed += count << 4;
        }

        byte* tag = stream + 32;
        TPass.Finish(&poly, (ulong*)stream, input + absorbed, length - absorbed, length, tag);
        bool genuine = KernelStack.AreEqual(tag, input + length);
        KernelStack.WipeBlock(stream);
        if (!genuine)
        {
            KernelStack.Wipe(stream + 64, first);
            return 0;
        }

        Bytes256.Combine(stream + 64, input, output, first);
        for (nint at = first; at < length; at += pass, block += (uint)TPass.Blocks)
        {
            nint count = length - at < pass ? length - at : pass;
            TPass.Run(key, block, nonce, stream + 64, count, &poly, input, 0);
            Bytes256.Combine(stream + 64, input + at, output + at, count);
        }

        return 1;
    }
}
