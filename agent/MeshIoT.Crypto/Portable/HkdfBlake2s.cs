using System;

namespace MeshIoT.Crypto;

/// <summary>The KDF of Noise and WireGuard: HKDF (RFC 5869) over HMAC-BLAKE2s with empty info, one to three outputs of 32 bytes.</summary>
public static class HkdfBlake2s
{
    /// <summary>
    /// KDFn(chain key, input). An output that is null is not written; those after the last wanted one are not computed.
    /// An output may be the chain key or the input array itself: both are read first.
    /// </summary>
    public static void Derive(byte[] salt32, byte[] input, int off, int len, byte[]? out1, byte[]? out2, byte[]? out3)
    {
        byte[] prk = new byte[32];
        byte[] chain = new byte[33];
        HmacBlake2s.Compute(salt32, 0, 32, input, off, len, prk, 0);
        int wanted = out3 != null ? 3 : out2 != null ? 2 : 1;
        for (int n = 1; n <= wanted; n++)
        {
            // t(1) = HMAC(prk, 1), then t(n) = HMAC(prk, t(n-1) | n)
            chain[32] = (byte)n;
            int from = n == 1 ? 32 : 0;
            HmacBlake2s.Compute(prk, 0, 32, chain, from, 33 - from, chain, 0);
            byte[]? output = n == 1 ? out1 : n == 2 ? out2 : out3;
            if (output != null)
            {
                Array.Copy(chain, 0, output, 0, 32);
            }
        }

        Array.Clear(prk, 0, 32);
        Array.Clear(chain, 0, 33);
    }
}
