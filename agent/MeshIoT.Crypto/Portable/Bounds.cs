using System;

namespace MeshIoT.Crypto;

/// <summary>The one check every array-with-offset argument passes before a byte is touched.</summary>
internal static class Bounds
{
    /// <summary>Throws when offset and length do not lie inside the array. Lengths are compared, never added, so nothing overflows.</summary>
    public static void Check(byte[] array, int offset, int length)
    {
        if (array == null || offset < 0 || length < 0 || offset > array.Length - length)
        {
            throw new ArgumentException("offset and length do not lie inside the array");
        }
    }
}
