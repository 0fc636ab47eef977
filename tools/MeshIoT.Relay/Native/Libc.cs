using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace MeshIoT.Relay;

/// <summary>
/// The system calls of the relay's loops, by their libc names. A connection is a descriptor here and not a Socket: thousands of them are
/// idle, and each Socket would bring its own objects and its place in the runtime's own poll thread.
/// </summary>
internal static unsafe partial class Libc
{
    const string Name = "libc";

    [LibraryImport(Name, EntryPoint = "epoll_create1", SetLastError = true)]
    internal static partial int EpollCreate(int flags);

    [LibraryImport(Name, EntryPoint = "epoll_ctl", SetLastError = true)]
    internal static partial int EpollControl(int epoll, int operation, int descriptor, byte* entry);

    [LibraryImport(Name, EntryPoint = "epoll_wait", SetLastError = true)]
    internal static partial int EpollWait(int epoll, byte* entries, int count, int timeoutMs);

    [LibraryImport(Name, EntryPoint = "eventfd", SetLastError = true)]
    internal static partial int EventFd(uint initial, int flags);

    [LibraryImport(Name, EntryPoint = "accept4", SetLastError = true)]
    internal static partial int Accept(int listener, byte* address, uint* length, int flags);

    [LibraryImport(Name, EntryPoint = "recv", SetLastError = true)]
    internal static partial nint Receive(int socket, byte* buffer, nuint length, int flags);

    [LibraryImport(Name, EntryPoint = "send", SetLastError = true)]
    internal static partial nint Send(int socket, byte* buffer, nuint length, int flags);

    [LibraryImport(Name, EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(int descriptor, byte* buffer, nuint length);

    [LibraryImport(Name, EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(int descriptor, byte* buffer, nuint length);

    [LibraryImport(Name, EntryPoint = "close")]
    internal static partial int Close(int descriptor);

    [LibraryImport(Name, EntryPoint = "setsockopt", SetLastError = true)]
    internal static partial int SetSocketOption(int socket, int level, int option, int* value, uint length);

    [LibraryImport(Name, EntryPoint = "signal")]
    internal static partial nint Signal(int number, nint handler);

    [LibraryImport(Name, EntryPoint = "malloc_trim")]
    internal static partial int MallocTrim(nuint keep);

    internal const int EINTR = 4, EAGAIN = 11;
    internal const int CloseOnExec = 0x80000, NonBlock = 0x800;
    internal const int EpollAdd = 1, EpollDelete = 2, EpollModify = 3;
    internal const uint EpollIn = 1, EpollOut = 4, EpollError = 8, EpollHangUp = 16;
    internal const int NoSignal = 0x4000;
    internal const int SolSocket = 1, SoKeepAlive = 9, IpProtoTcp = 6, TcpNoDelay = 1, TcpKeepIdle = 4, TcpUserTimeout = 18, TcpNotSentLowAt = 25;
    internal const int SigPipe = 13;
    internal const nint Ignore = 1;
}
