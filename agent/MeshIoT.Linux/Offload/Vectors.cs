namespace MeshIoT.Linux.Offload;

/// <summary>An array of struct iovec, 64-bit Linux. readv(2).</summary>
static unsafe class Vectors
{
    internal const int Size = 16;

    internal static void Set(byte* vectors, int i, byte* data, int length)
    {
        byte* vector = vectors + (i * Size);
        *(byte**)vector = data;
        *(nint*)(vector + 8) = length;
    }

    internal static byte* Data(byte* vectors, int i) => *(byte**)(vectors + (i * Size));

    internal static int Length(byte* vectors, int i) => (int)*(nint*)(vectors + (i * Size) + 8);
}
