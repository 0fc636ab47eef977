using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using MeshIoT.Crypto.Kernels;

namespace MeshIoT.Crypto;

/// <summary>
/// Which implementation of ChaCha20-Poly1305 this process uses: the fastest that the CPU has, chosen once. The variable MESHIOT_AEAD
/// (512, 256, 128 or sodium) overrides it for tests and measurements.
/// </summary>
public static class AeadChoice
{
    /// <summary>The variable that overrides the choice.</summary>
    public const string Variable = "MESHIOT_AEAD";

    // Set by Native/Aead.targets where it links the kernels into a native program.
    const string LinkedSwitch = "MeshIoT.Aead.Linked";

    static readonly Lazy<AeadKernel?> Chosen = new(static () => Choose(Environment.GetEnvironmentVariable(Variable)));

    /// <summary>
    /// The widest that this CPU and this program have, which is the fastest too; <see cref="AeadWidth.Sodium"/> on x86-64 without AVX2,
    /// where libsodium is, and where a program has no code of ours.
    /// </summary>
    public static AeadWidth Widest { get; } = HasKernels() ? CpuWidths.Widest() : AeadWidth.Sodium;

    /// <summary>What is used.</summary>
    /// <exception cref="InvalidOperationException">The variable names something that is not there.</exception>
    public static AeadWidth Current => Chosen.Value?.Width ?? AeadWidth.Sodium;

    /// <summary>What is used, by the name of the instruction set: avx512, avx2, neon or libsodium; ssse3 when it was asked for.</summary>
    /// <exception cref="InvalidOperationException">The variable names something that is not there.</exception>
    public static string Name => Current switch
    {
        AeadWidth.Bits512 => "avx512",
        AeadWidth.Bits256 => "avx2",
        AeadWidth.Bits128 => X86Base.IsSupported ? "ssse3" : "neon",
        _ => "libsodium",
    };

    /// <summary>A key of 32 bytes for the implementation that is used.</summary>
    /// <exception cref="InvalidOperationException">The variable names something that is not there.</exception>
    public static PointerAeadKey CreateKey(byte[] key, int off) =>
        Chosen.Value is { } kernel ? new KernelAeadKey(kernel, key, off) : new SodiumAeadKey(key, off);

    /// <summary>A key for a given implementation, to compare them.</summary>
    /// <exception cref="InvalidOperationException">This CPU or this program does not have it.</exception>
    public static PointerAeadKey CreateKey(AeadWidth width, byte[] key, int off) =>
        KernelOf(width) is { } kernel ? new KernelAeadKey(kernel, key, off) : new SodiumAeadKey(key, off);

    internal static AeadKernel? Choose(string? wanted) => wanted switch
    {
        null or "" => KernelOf(Widest),
        "512" => KernelOf(AeadWidth.Bits512),
        "256" => KernelOf(AeadWidth.Bits256),
        "128" => KernelOf(AeadWidth.Bits128),
        "sodium" => null,
        _ => throw new InvalidOperationException($"{Variable} is 512, 256, 128 or sodium"),
    };

    static bool HasKernels() =>
        RuntimeFeature.IsDynamicCodeCompiled || (AppContext.TryGetSwitch(LinkedSwitch, out bool linked) && linked);

    static unsafe AeadKernel? KernelOf(AeadWidth width)
    {
        if (width > Widest)
        {
            throw new InvalidOperationException($"this CPU or this program has no ChaCha20-Poly1305 of {(int)width} bits; it has {(int)Widest}");
        }

        if (RuntimeFeature.IsDynamicCodeCompiled)
        {
            return width switch
            {
                AeadWidth.Bits512 => new AeadKernel(width, &Kernel512.Seal512, &Kernel512.Open512),
                AeadWidth.Bits256 => new AeadKernel(width, &Kernel256.Seal256, &Kernel256.Open256),
                AeadWidth.Bits128 => new AeadKernel(width, &Kernel128.Seal128, &Kernel128.Open128),
                _ => null,
            };
        }

        // Code for another architecture is not linked in, so it may not even be mentioned there.
        if (X86Base.IsSupported && width == AeadWidth.Bits512)
        {
            return new AeadKernel(width, &LinkedKernels.meshiot_seal512, &LinkedKernels.meshiot_open512);
        }

        if (X86Base.IsSupported && width == AeadWidth.Bits256)
        {
            return new AeadKernel(width, &LinkedKernels.meshiot_seal256, &LinkedKernels.meshiot_open256);
        }

        return width == AeadWidth.Bits128 ? new AeadKernel(width, &LinkedKernels.meshiot_seal128, &LinkedKernels.meshiot_open128) : null;
    }
}
