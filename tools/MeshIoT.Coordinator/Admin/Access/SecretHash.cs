using System;
using System.Text;
using MeshIoT.Crypto;

namespace MeshIoT.Coordinator;

/// <summary>What is kept of a secret with many random bits: BLAKE2s-256, lower-case hexadecimal.</summary>
internal static class SecretHash
{
    public static string Of(string secret)
    {
        byte[] text = Encoding.UTF8.GetBytes(secret), hash = new byte[32];
        Blake2s.Hash(text, 0, text.Length, hash, 0);
        Array.Clear(text);
        return Convert.ToHexStringLower(hash);
    }
}
