using System.Runtime.InteropServices;

namespace MeshIoT.Crypto;

/// <summary>
/// The code of Kernels/ as it is linked into native programs: compiled once more for each instruction set, by Native/kernels.sh,
/// because a program for any x86-64 CPU is itself compiled without AVX. The calls are leaves of at most some tens of microseconds that
/// touch no managed object, so they need no transition; a collection that begins meanwhile waits for their end.
/// </summary>
internal static unsafe partial class LinkedKernels
{
    const string Library = "meshiot_aead";

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial void meshiot_seal512(uint* key, ulong nonce, byte* text, byte* output, nint length);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial int meshiot_open512(uint* key, ulong nonce, byte* cipher, byte* output, nint length);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial void meshiot_seal256(uint* key, ulong nonce, byte* text, byte* output, nint length);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial int meshiot_open256(uint* key, ulong nonce, byte* cipher, byte* output, nint length);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial void meshiot_seal128(uint* key, ulong nonce, byte* text, byte* output, nint length);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial int meshiot_open128(uint* key, ulong nonce, byte* cipher, byte* output, nint length);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial ulong meshiot_sum512(byte* bytes, nint length);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial ulong meshiot_copy512(byte* from, byte* to, nint length);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial ulong meshiot_sum256(byte* bytes, nint length);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial ulong meshiot_copy256(byte* from, byte* to, nint length);
}
