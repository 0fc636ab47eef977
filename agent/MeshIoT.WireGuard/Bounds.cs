using System;

namespace MeshIoT.WireGuard;

/// <summary>Argument checks: a broken caller gets an exception, the network never does.</summary>
internal static class Bounds
{
    public static void Check(byte[] array, int offset, int length)
    {
        if (array == null || offset < 0 || length < 0 || offset > array.Length || length > array.Length - offset)
        {
            throw new ArgumentException("the range lies outside its array");
        }
    }

    public static void CheckLength(byte[] array, int length)
    {
        if (array == null || array.Length != length)
        {
            throw new ArgumentException("the array has the wrong length");
        }
    }
}
