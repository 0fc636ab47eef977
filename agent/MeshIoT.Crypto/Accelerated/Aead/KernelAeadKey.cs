using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MeshIoT.Crypto;

/// <summary>A session key for our own code, in pinned memory that no collection copies.</summary>
internal sealed unsafe class KernelAeadKey : PointerAeadKey
{
    const int KeySize = 32;

    readonly AeadKernel kernel;
    readonly byte[] key = GC.AllocateUninitializedArray<byte>(KeySize, pinned: true);
    readonly uint* words;
    bool wiped;

    public KernelAeadKey(AeadKernel kernel, byte[] key, int off)
    {
        Bounds.Check(key, off, KeySize);
        this.kernel = kernel;
        Array.Copy(key, off, this.key, 0, KeySize);
        words = (uint*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(this.key));
    }

    public override void Seal(long counter, byte* plain, byte* output, int length)
    {
        ObjectDisposedException.ThrowIf(wiped, this);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        kernel.Seal(words, (ulong)counter, plain, output, length);
        GC.KeepAlive(this);
    }

    public override bool Open(long counter, byte* cipher, byte* output, int length)
    {
        ObjectDisposedException.ThrowIf(wiped, this);
        bool genuine = length >= TagSize && kernel.Open(words, (ulong)counter, cipher, output, length - TagSize);
        GC.KeepAlive(this);
        return genuine;
    }

    public override void Wipe()
    {
        wiped = true;
        CryptographicOperations.ZeroMemory(key);
    }
}
