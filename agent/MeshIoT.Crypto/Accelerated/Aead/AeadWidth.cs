namespace MeshIoT.Crypto;

/// <summary>Who computes ChaCha20-Poly1305: libsodium, or our own code for registers of so many bits.</summary>
public enum AeadWidth
{
    /// <summary>libsodium: on CPUs where it is the faster one, and where our own code is not linked in.</summary>
    Sodium = 0,

    /// <summary>128 bits: NEON on arm64. On x86-64 for comparison only.</summary>
    Bits128 = 128,

    /// <summary>256 bits: AVX2.</summary>
    Bits256 = 256,

    /// <summary>512 bits: AVX-512 F, BW, CD, DQ and VL.</summary>
    Bits512 = 512,
}
