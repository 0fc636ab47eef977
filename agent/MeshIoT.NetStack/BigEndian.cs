namespace MeshIoT.NetStack;

/// <summary>Network byte order in byte arrays; the caller has checked the lengths.</summary>
internal static class BigEndian
{
    public static int U16(byte[] bytes, int at)
    {
        return (bytes[at] << 8) | bytes[at + 1];
    }

    public static uint U32(byte[] bytes, int at)
    {
        return ((uint)bytes[at] << 24) | ((uint)bytes[at + 1] << 16) | ((uint)bytes[at + 2] << 8) | bytes[at + 3];
    }

    public static void Put16(byte[] bytes, int at, int value)
    {
        bytes[at] = (byte)(value >> 8);
        bytes[at + 1] = (byte)value;
    }

    public static void Put32(byte[] bytes, int at, uint value)
    {
        bytes[at] = (byte)(value >> 24);
        bytes[at + 1] = (byte)(value >> 16);
        bytes[at + 2] = (byte)(value >> 8);
        bytes[at + 3] = (byte)value;
    }
}
