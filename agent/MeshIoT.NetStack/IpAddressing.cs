namespace MeshIoT.NetStack;

/// <summary>Questions about addresses inside packets; the length says the family, 4 or 16 bytes.</summary>
internal static class IpAddressing
{
    public static bool Equal(byte[] a, int aAt, byte[] b, int bAt, int length)
    {
        for (int i = 0; i < length; i++)
        {
            if (a[aAt + i] != b[bAt + i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>False for what may never be a source: unspecified, loopback, multicast, broadcast and, in IPv6, IPv4-mapped. RFC 1122 section 3.2.1.3, RFC 4291 section 2.</summary>
    public static bool IsUnicast(byte[] bytes, int at, int length)
    {
        if (length == 4)
        {
            return bytes[at] != 0 && bytes[at] != 127 && bytes[at] < 224;
        }

        if (bytes[at] == 0xFF)
        {
            return false;
        }

        for (int i = 0; i < 10; i++)
        {
            if (bytes[at + i] != 0)
            {
                return true;
            }
        }

        return false;
    }
}
