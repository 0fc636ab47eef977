using System;
using System.Text;
using MeshIoT.Crypto;
using MeshIoT.Provisioning;

namespace MeshIoT.Coordinator;

/// <summary>What is stored of an auth key. 115 random bits need no salt and no slow hash.</summary>
internal static class AuthKeyHash
{
    public static string Of(Claim claim)
    {
        byte[] text = Encoding.ASCII.GetBytes(claim.ExportText()), hash = new byte[32];
        Blake2s.Hash(text, 0, text.Length, hash, 0);
        Array.Clear(text);
        return Convert.ToHexStringLower(hash);
    }
}
