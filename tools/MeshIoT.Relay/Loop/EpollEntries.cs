using System.Runtime.InteropServices;

namespace MeshIoT.Relay;

/// <summary>struct epoll_event as bytes: packed on x64 (12 bytes), aligned elsewhere (16).</summary>
internal static unsafe class EpollEntries
{
    static readonly bool Packed = RuntimeInformation.ProcessArchitecture == Architecture.X64;

    public const int MaxSize = 16;

    public static int Size => Packed ? 12 : MaxSize;

    public static void Write(byte* entry, uint events, int index)
    {
        *(uint*)entry = events;
        *(long*)(entry + DataAt) = index;
    }

    public static (uint Events, int Index) Read(byte* entries, int number)
    {
        byte* entry = entries + (number * Size);
        return (*(uint*)entry, (int)*(long*)(entry + DataAt));
    }

    static int DataAt => Packed ? 4 : 8;
}
