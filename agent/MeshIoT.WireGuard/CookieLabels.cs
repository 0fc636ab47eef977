using System.Text;
using MeshIoT.Crypto;

namespace MeshIoT.WireGuard;

/// <summary>Keys and MAC shared by those who ask for cookies and those who give them. WireGuard paper, section 5.4.4.</summary>
internal static class CookieLabels
{
    static readonly byte[] Mac1Label = Encoding.UTF8.GetBytes("mac1----");
    static readonly byte[] CookieLabel = Encoding.UTF8.GetBytes("cookie--");

    public static void DeriveMac1Key(byte[] publicKey, byte[] output) => Derive(Mac1Label, publicKey, output);

    public static void DeriveReplyKey(byte[] publicKey, byte[] output) => Derive(CookieLabel, publicKey, output);

    /// <summary>BLAKE2s with a 16-byte result, keyed with 32 bytes (mac1, cookie) or 16 (mac2).</summary>
    public static void Mac(byte[] key, byte[] data, int offset, int length, byte[] output, int outOffset)
    {
        Blake2s blake = new Blake2s(CookieReplyMessage.CookieSize, key);
        blake.Update(data, offset, length);
        blake.Finish(output, outOffset);
    }

    static void Derive(byte[] label, byte[] publicKey, byte[] output)
    {
        Blake2s blake = new Blake2s(ProtocolLimits.KeySize, null);
        blake.Update(label, 0, label.Length);
        blake.Update(publicKey, 0, publicKey.Length);
        blake.Finish(output, 0);
    }
}
