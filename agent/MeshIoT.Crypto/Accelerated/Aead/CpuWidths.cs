using System;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace MeshIoT.Crypto;

/// <summary>Which widths this CPU can run, whatever this program was compiled for.</summary>
internal static class CpuWidths
{
    // What the compiler takes for granted when it compiles for x86-64-v3 and -v4 (x86-64 psABI, micro-architecture levels).
    static readonly string[] Level3 = ["avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe", "xsave"];
    static readonly string[] Level4 = ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"];

    /// <summary>The widest, or <see cref="AeadWidth.Sodium"/> when there is none.</summary>
    public static AeadWidth Widest()
    {
        if (AdvSimd.Arm64.IsSupported)
        {
            return AeadWidth.Bits128;
        }

        if (!X86Base.IsSupported)
        {
            return AeadWidth.Sodium;
        }

        // Compiled while it runs, a program sees the CPU itself; compiled before, what it was compiled for.
        return RuntimeFeature.IsDynamicCodeCompiled ? WidestByRuntime() : WidestByKernel();
    }

    static AeadWidth WidestByRuntime() =>
        Avx512BW.VL.IsSupported && Avx512DQ.VL.IsSupported ? AeadWidth.Bits512
        : Avx2.IsSupported ? AeadWidth.Bits256
        : AeadWidth.Sodium;

    // The kernel's list leaves out what it or a hypervisor has switched off, which CPUID alone does not tell.
    static AeadWidth WidestByKernel()
    {
        try
        {
            using StreamReader reader = new("/proc/cpuinfo");
            for (int i = 0; i < 64 && reader.ReadLine() is { } line; i++)
            {
                if (line.StartsWith("flags", StringComparison.Ordinal))
                {
                    return (AeadWidth)Math.Min((int)Of(line), (int)WidestByCpu());
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without /proc nothing is known, and the narrow way is right everywhere.
        }

        return AeadWidth.Sodium;
    }

    // And the CPU's word counts where the list is another machine's, as under an emulator: CPUID leaf 7, EBX.
    static AeadWidth WidestByCpu()
    {
        const int Bmi1 = 1 << 3, Avx2 = 1 << 5, Bmi2 = 1 << 8;
        const int Avx512 = (1 << 16) | (1 << 17) | (1 << 28) | (1 << 30) | (1 << 31);   // F, DQ, CD, BW, VL
        const int Avx = Bmi1 | Avx2 | Bmi2;
        if (X86Base.CpuId(0, 0).Eax < 7)
        {
            return AeadWidth.Sodium;
        }

        int features = X86Base.CpuId(7, 0).Ebx;
        return (features & Avx) != Avx ? AeadWidth.Sodium : (features & Avx512) != Avx512 ? AeadWidth.Bits256 : AeadWidth.Bits512;
    }

    /// <summary>The widest that a line "flags : …" of /proc/cpuinfo allows.</summary>
    internal static AeadWidth Of(string line)
    {
        string[] flags = line[(line.IndexOf(':') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        bool Has(string[] wanted) => Array.TrueForAll(wanted, flag => Array.IndexOf(flags, flag) >= 0);
        return !Has(Level3) ? AeadWidth.Sodium
            : !Has(Level4) ? AeadWidth.Bits256
            : AeadWidth.Bits512;
    }
}
