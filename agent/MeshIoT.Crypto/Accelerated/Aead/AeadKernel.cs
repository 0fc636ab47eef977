namespace MeshIoT.Crypto;

/// <summary>One implementation of ChaCha20-Poly1305 without associated data, as the two addresses of its code.</summary>
/// <param name="width">Which one it is.</param>
/// <param name="seal">
/// Key of eight words; nonce, the packet's counter; text; output with room for 16 bytes more; bytes of text. Text and output begin at
/// the same byte or do not overlap.
/// </param>
/// <param name="open">The same with a cipher text that is followed by its tag; 1, or 0 and an untouched output when the tag is wrong.</param>
internal sealed unsafe class AeadKernel(
    AeadWidth width,
    delegate*<uint*, ulong, byte*, byte*, nint, void> seal,
    delegate*<uint*, ulong, byte*, byte*, nint, int> open)
{
    public AeadWidth Width => width;

    public void Seal(uint* key, ulong nonce, byte* text, byte* output, nint length) => seal(key, nonce, text, output, length);

    public bool Open(uint* key, ulong nonce, byte* cipher, byte* output, nint length) => open(key, nonce, cipher, output, length) != 0;
}
