namespace MeshIoT.WireGuard;

/// <summary>Integers as WireGuard writes them.</summary>
internal static class LittleEndian
{
    public static uint ReadUInt32(byte[] b, int at) => b[at] | (uint)b[at + 1] << 8 | (uint)b[at + 2] << 16 | (uint)b[at + 3] << 24;

    public static ulong ReadUInt64(byte[] b, int at) => ReadUInt32(b, at) | (ulong)ReadUInt32(b, at + 4) << 32;

    public static void WriteUInt32(byte[] b, int at, uint value)
    {
        b[at] = (byte)value;
        b[at + 1] = (byte)(value >> 8);
        b[at + 2] = (byte)(value >> 16);
        b[at + 3] = (byte)(value >> 24);
    }

    public static void WriteUInt64(byte[] b, int at, ulong value)
    {
        WriteUInt32(b, at, (uint)value);
        WriteUInt32(b, at + 4, (uint)(value >> 32));
    }
}
