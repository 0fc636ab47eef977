using System;
using System.Runtime.InteropServices;

namespace MeshIoT.Crypto;

/// <summary>
/// The functions of libsodium that the agent calls per packet and per handshake, bound directly: NSec keeps every key in guarded
/// pages of its own (8 kB and 30 µs a key) and computes a public key with each import, which more than doubles a handshake.
/// </summary>
internal static unsafe partial class Sodium
{
    const string Library = "libsodium";

    // Picks the implementations for this CPU; without it the slow ones run.
    static Sodium()
    {
        if (sodium_init() < 0)
        {
            throw new InvalidOperationException("libsodium did not start: sodium_init failed");
        }
    }

    [LibraryImport(Library)]
    private static partial int sodium_init();

    /// <summary>q = n · p; −1 when the result is all zeros.</summary>
    [LibraryImport(Library)]
    internal static partial int crypto_scalarmult_curve25519(byte* q, byte* n, byte* p);

    /// <summary>q = n · 9.</summary>
    [LibraryImport(Library)]
    internal static partial int crypto_scalarmult_curve25519_base(byte* q, byte* n);

    /// <summary>Writes mlen + 16 bytes; c and m may be the same address.</summary>
    [LibraryImport(Library)]
    internal static partial int crypto_aead_chacha20poly1305_ietf_encrypt(byte* c, ulong* clen, byte* m, ulong mlen, byte* ad, ulong adlen, byte* nsec, byte* npub, byte* k);

    /// <summary>Writes clen − 16 bytes, or zeros and −1 when the tag is wrong; m and c may be the same address.</summary>
    [LibraryImport(Library)]
    internal static partial int crypto_aead_chacha20poly1305_ietf_decrypt(byte* m, ulong* mlen, byte* nsec, byte* c, ulong clen, byte* ad, ulong adlen, byte* npub, byte* k);

    /// <summary>Argon2id with a fresh salt; out is 128 bytes of text. 0 when there was memory enough.</summary>
    [LibraryImport(Library)]
    internal static partial int crypto_pwhash_str(byte* text, byte* password, ulong length, ulong opslimit, nuint memlimit);

    /// <summary>0 when the password is the one that the text was made of.</summary>
    [LibraryImport(Library)]
    internal static partial int crypto_pwhash_str_verify(byte* text, byte* password, ulong length);
}
