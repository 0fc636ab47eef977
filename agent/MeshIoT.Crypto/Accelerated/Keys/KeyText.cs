using System;
using System.Buffers;

namespace MeshIoT.Crypto;

/// <summary>The text form shared by all keys: a prefix that names the kind, then 64 hex digits.</summary>
internal static class KeyText
{
    /// <summary>Reads exactly prefix + 64 hex digits; anything else, longer or shorter, is refused and leaves zeros.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, string prefix, Span<byte> key)
    {
        if (text.Length == prefix.Length + 64
            && text.StartsWith(prefix, StringComparison.Ordinal)
            && Convert.FromHexString(text[prefix.Length..], key, out _, out int written) == OperationStatus.Done
            && written == 32)
        {
            return true;
        }

        key.Clear();
        return false;
    }

    /// <summary>The error of every Parse. It never repeats the text, which may be a secret in the wrong place.</summary>
    public static FormatException Malformed(string prefix)
    {
        return new FormatException("not a key of the form " + prefix + " and 64 hex digits");
    }
}
