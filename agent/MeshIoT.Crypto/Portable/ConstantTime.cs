namespace MeshIoT.Crypto;

/// <summary>Comparisons whose time depends on the length only, never on where the first difference is.</summary>
public static class ConstantTime
{
    /// <summary>True when both ranges hold the same bytes.</summary>
    public static bool Equal(byte[] a, int aOff, byte[] b, int bOff, int len)
    {
        Bounds.Check(a, aOff, len);
        Bounds.Check(b, bOff, len);
        int difference = 0;
        for (int i = 0; i < len; i++)
        {
            difference |= a[aOff + i] ^ b[bOff + i];
        }

        return difference == 0;
    }

    /// <summary>True when every byte of the range is zero: the result of X25519 with a point of small order, for one.</summary>
    public static bool IsZero(byte[] a, int off, int len)
    {
        Bounds.Check(a, off, len);
        int seen = 0;
        for (int i = 0; i < len; i++)
        {
            seen |= a[off + i];
        }

        return seen == 0;
    }
}
