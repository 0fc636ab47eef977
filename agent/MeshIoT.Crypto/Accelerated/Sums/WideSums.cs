using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using MeshIoT.Crypto.Kernels;

namespace MeshIoT.Crypto;

/// <summary>
/// The sum of the Internet checksum (RFC 1071) for whole packets, by the widest instructions of the CPU: those of the ciphers, with which it is linked.
/// Words of 16 bits are added as they lie in memory, and not folded, so that sums of parts can be added up (section 2, point B). An odd last byte
/// counts as if a zero followed. At most 2^20 bytes.
/// </summary>
public static unsafe class WideSums
{
    // Without a constructor: what needs neither of them does not ask whether they are there.
    static readonly delegate*<byte*, nint, ulong> Sums = (delegate*<byte*, nint, ulong>)Choose().Sum;
    static readonly delegate*<byte*, byte*, nint, ulong> Copies = (delegate*<byte*, byte*, nint, ulong>)Choose().Copy;

    /// <summary>The sum.</summary>
    public static ulong Sum(byte* bytes, int length) => Sums(bytes, length);

    /// <summary>The sum of a header, for which wide instructions are not worth a call.</summary>
    public static ulong SumShort(byte* bytes, int length) => Sums128.Rest(bytes, length);

    /// <summary>Copies, and gives the sum of what was copied: one way through memory for both. The places do not overlap.</summary>
    public static ulong Copy(byte* from, byte* to, int length) => Copies(from, to, length);

    static (nint Sum, nint Copy) Choose()
    {
        if (RuntimeFeature.IsDynamicCodeCompiled)
        {
            return AeadChoice.Widest switch
            {
                AeadWidth.Bits512 => ((nint)(delegate*<byte*, nint, ulong>)&Sums512.Sum512, (nint)(delegate*<byte*, byte*, nint, ulong>)&Sums512.Copy512),
                AeadWidth.Bits256 => ((nint)(delegate*<byte*, nint, ulong>)&Sums256.Sum256, (nint)(delegate*<byte*, byte*, nint, ulong>)&Sums256.Copy256),
                _ => Narrow(),
            };
        }

        // Code for another architecture is not linked in, so it may not even be mentioned there.
        if (X86Base.IsSupported && AeadChoice.Widest == AeadWidth.Bits512)
        {
            return ((nint)(delegate*<byte*, nint, ulong>)&LinkedKernels.meshiot_sum512, (nint)(delegate*<byte*, byte*, nint, ulong>)&LinkedKernels.meshiot_copy512);
        }

        if (X86Base.IsSupported && AeadChoice.Widest == AeadWidth.Bits256)
        {
            return ((nint)(delegate*<byte*, nint, ulong>)&LinkedKernels.meshiot_sum256, (nint)(delegate*<byte*, byte*, nint, ulong>)&LinkedKernels.meshiot_copy256);
        }

        return Narrow();
    }

    static (nint Sum, nint Copy) Narrow() => ((nint)(delegate*<byte*, nint, ulong>)&Sums128.Sum128, (nint)(delegate*<byte*, byte*, nint, ulong>)&Sums128.Copy128);
}
