namespace MeshIoT.Crypto;

/// <summary>
/// One direction of a WireGuard session: ChaCha20-Poly1305 with the nonce 4 zero bytes ‖ counter (64 bits, little-endian) and no
/// associated data (WireGuard paper, section 5.4.6). The caller never uses a counter twice. One thread at a time.
/// </summary>
public abstract class AeadKey
{
    /// <summary>Seals <paramref name="len"/> bytes and writes len + 16; in place when both ranges begin at the same byte.</summary>
    public abstract void Seal(long counter, byte[] plain, int off, int len, byte[] output, int outOff);

    /// <summary>Opens <paramref name="len"/> bytes (tag included) and writes len − 16, or returns false and leaves no text in the output (its bytes are then unspecified); in place as in Seal.</summary>
    public abstract bool Open(long counter, byte[] cipher, int off, int len, byte[] output, int outOff);

    /// <summary>Forgets the key; Seal and Open throw from then on. May be called twice.</summary>
    public abstract void Wipe();
}
