using System;
using System.Runtime.InteropServices;

namespace MeshIoT.Interop.Nat;

/// <summary>The calls of the C library that .NET has no word for.</summary>
static unsafe partial class Native
{
    public const int OpenReadWrite = 2, OpenReadOnly = 0, CloseOnExec = 0x80000, NewNetwork = 0x40000000;
    public const int FamilyPacket = 17, KindDatagram = 2, CloseOnExecSocket = 0x80000, AllProtocolsBigEndian = 0x0300, Outgoing = 4;
    public const nuint TunSetInterface = 0x400454ca;

    /// <summary>IFF_TUN | IFF_NO_PI.</summary>
    public const ushort TunWithoutHeader = 0x1001;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    public static partial int SetNamespace(int descriptor, int kind);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(int descriptor, nuint request, byte* argument);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int family, int kind, int protocol);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(int descriptor, int level, int option, void* value, int length);

    [LibraryImport("libc", EntryPoint = "recvfrom", SetLastError = true)]
    public static partial nint ReceiveFrom(int descriptor, byte* buffer, nuint length, int flags, byte* address, int* addressLength);

    /// <summary>Throws with the system's words when <paramref name="result"/> is negative.</summary>
    public static int Check(int result, string what) =>
        result >= 0 ? result : throw new InvalidOperationException($"{what}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
}
