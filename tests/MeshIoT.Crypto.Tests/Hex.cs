using System;

namespace MeshIoT.Crypto.Tests;

/// <summary>Bytes as the specifications print them.</summary>
internal static class Hex
{
    public static byte[] Of(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));

    public static string From(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    /// <summary>Consecutive bytes starting at a value: the key rule of the project's own vectors.</summary>
    public static byte[] Run(int first, int count)
    {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++)
        {
            bytes[i] = (byte)(first + i);
        }

        return bytes;
    }
}
