using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace MeshIoT.Linux;

/// <summary>
/// The system calls this project makes, by their libc names. Structures are passed as bytes laid out by their owners,
/// so nothing here depends on the marshaller; every layout used is the same on x64 and arm64.
/// </summary>
static unsafe partial class Libc
{
    const string Name = "libc";

    [LibraryImport(Name, EntryPoint = "open", SetLastError = true)]
    internal static partial int Open(byte* path, int flags, int mode);

    [LibraryImport(Name, EntryPoint = "madvise", SetLastError = true)]
    internal static partial int Advise(void* address, nuint length, int advice);

    [LibraryImport(Name, EntryPoint = "close")]
    internal static partial int Close(int descriptor);

    [LibraryImport(Name, EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int Ioctl(Descriptor descriptor, nuint request, void* argument);

    [LibraryImport(Name, EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(Descriptor descriptor, byte* buffer, nuint length);

    [LibraryImport(Name, EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(Descriptor descriptor, byte* buffer, nuint length);

    [LibraryImport(Name, EntryPoint = "writev", SetLastError = true)]
    internal static partial nint WriteVector(Descriptor descriptor, byte* vectors, int count);

    [LibraryImport(Name, EntryPoint = "socket", SetLastError = true)]
    internal static partial int Socket(int family, int type, int protocol);

    [LibraryImport(Name, EntryPoint = "bind", SetLastError = true)]
    internal static partial int Bind(Descriptor socket, byte* address, uint length);

    [LibraryImport(Name, EntryPoint = "getsockname", SetLastError = true)]
    internal static partial int GetSockName(Descriptor socket, byte* address, uint* length);

    [LibraryImport(Name, EntryPoint = "setsockopt", SetLastError = true)]
    internal static partial int SetSockOpt(Descriptor socket, int level, int option, void* value, uint length);

    [LibraryImport(Name, EntryPoint = "recvfrom", SetLastError = true)]
    internal static partial nint ReceiveFrom(Descriptor socket, byte* buffer, nuint length, int flags, byte* address, uint* addressLength);

    [LibraryImport(Name, EntryPoint = "sendto", SetLastError = true)]
    internal static partial nint SendTo(Descriptor socket, byte* buffer, nuint length, int flags, byte* address, uint addressLength);

    [LibraryImport(Name, EntryPoint = "recvmsg", SetLastError = true)]
    internal static partial nint ReceiveMessage(Descriptor socket, byte* message, int flags);

    [LibraryImport(Name, EntryPoint = "sendmsg", SetLastError = true)]
    internal static partial nint SendMessage(Descriptor socket, byte* message, int flags);

    [LibraryImport(Name, EntryPoint = "recvmmsg", SetLastError = true)]
    internal static partial int ReceiveMessages(Descriptor socket, byte* messages, uint count, int flags, TimeSpec* timeout);

    [LibraryImport(Name, EntryPoint = "sendmmsg", SetLastError = true)]
    internal static partial int SendMessages(Descriptor socket, byte* messages, uint count, int flags);

    [LibraryImport(Name, EntryPoint = "dup3", SetLastError = true)]
    internal static partial int Duplicate(Descriptor from, int to, int flags);

    [LibraryImport(Name, EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(PollEntry* entries, nuint count, int timeoutMs);

    [LibraryImport(Name, EntryPoint = "eventfd", SetLastError = true)]
    internal static partial int EventFd(uint initial, int flags);

    [LibraryImport(Name, EntryPoint = "timerfd_create", SetLastError = true)]
    internal static partial int TimerFdCreate(int clock, int flags);

    [LibraryImport(Name, EntryPoint = "timerfd_settime", SetLastError = true)]
    internal static partial int TimerFdSetTime(Descriptor timer, int flags, TimeSpec* intervalAndValue, void* old);

    [LibraryImport(Name, EntryPoint = "pipe2", SetLastError = true)]
    internal static partial int Pipe(int* ends, int flags);

    [LibraryImport(Name, EntryPoint = "fcntl", SetLastError = true)]
    internal static partial int FileControl(Descriptor descriptor, int command, nint argument);

    [LibraryImport(Name, EntryPoint = "posix_spawnp")]
    internal static partial int Spawn(int* id, byte* program, void* fileActions, void* attributes, byte** arguments, byte** environment);

    [LibraryImport(Name, EntryPoint = "posix_spawn_file_actions_init")]
    internal static partial int SpawnActionsInit(void* actions);

    [LibraryImport(Name, EntryPoint = "posix_spawn_file_actions_destroy")]
    internal static partial int SpawnActionsDestroy(void* actions);

    [LibraryImport(Name, EntryPoint = "posix_spawn_file_actions_adddup2")]
    internal static partial int SpawnActionsDuplicate(void* actions, int from, int to);

    [LibraryImport(Name, EntryPoint = "posix_spawn_file_actions_addopen")]
    internal static partial int SpawnActionsOpen(void* actions, int descriptor, byte* path, int flags, uint mode);

    [LibraryImport(Name, EntryPoint = "posix_spawn_file_actions_addchdir_np")]
    internal static partial int SpawnActionsChangeDirectory(void* actions, byte* path);

    // glibc 2.34 and later.
    [LibraryImport(Name, EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    internal static partial int SpawnActionsCloseFrom(void* actions, int first);

    [LibraryImport(Name, EntryPoint = "posix_spawnattr_init")]
    internal static partial int SpawnAttributesInit(void* attributes);

    [LibraryImport(Name, EntryPoint = "posix_spawnattr_destroy")]
    internal static partial int SpawnAttributesDestroy(void* attributes);

    [LibraryImport(Name, EntryPoint = "posix_spawnattr_setflags")]
    internal static partial int SpawnAttributesFlags(void* attributes, short flags);

    [LibraryImport(Name, EntryPoint = "posix_spawnattr_setsigmask")]
    internal static partial int SpawnAttributesMask(void* attributes, void* signals);

    [LibraryImport(Name, EntryPoint = "posix_spawnattr_setsigdefault")]
    internal static partial int SpawnAttributesDefaults(void* attributes, void* signals);

    [LibraryImport(Name, EntryPoint = "waitpid", SetLastError = true)]
    internal static partial int WaitFor(int id, int* status, int options);

    [LibraryImport(Name, EntryPoint = "waitid", SetLastError = true)]
    internal static partial int WaitId(int kind, int id, void* information, int options);

    [LibraryImport(Name, EntryPoint = "kill", SetLastError = true)]
    internal static partial int Kill(int id, int signal);

    // pidfd_open(2); a wrapper came to glibc only with 2.36.
    [LibraryImport(Name, EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint SystemCall(nint number, nint first, nint second);

    // Answered from the vDSO in well under a microsecond, so the collector need not be told.
    [LibraryImport(Name, EntryPoint = "clock_gettime")]
    [SuppressGCTransition]
    internal static partial int ClockGetTime(int clock, TimeSpec* time);

    internal const int SYS_pidfd_open = 434, F_SETFL = 4, SIGKILL = 9, P_PID = 1, WNOHANG = 1, WEXITED = 4, WNOWAIT = 0x01000000;
    internal const int O_RDONLY = 0, O_RDWR = 2, O_NONBLOCK = 0x800, O_CLOEXEC = 0x80000;
    internal const int AF_INET = 2, AF_INET6 = 10, AF_NETLINK = 16;
    internal const int SOCK_DGRAM = 2, SOCK_RAW = 3, SOCK_NONBLOCK = 0x800, SOCK_CLOEXEC = 0x80000;
    internal const int SOL_SOCKET = 1, SO_SNDBUF = 7, SO_RCVBUF = 8, SO_RCVTIMEO = 20, SO_SNDBUFFORCE = 32, SO_RCVBUFFORCE = 33, SO_MARK = 36;
    internal const int IPPROTO_IP = 0, IP_PKTINFO = 8, IP_FREEBIND = 15, IPPROTO_IPV6 = 41, IPV6_V6ONLY = 26, IPV6_RECVPKTINFO = 49, IPV6_PKTINFO = 50;
    internal const int SOL_UDP = 17, UDP_SEGMENT = 103, UDP_GRO = 104;
    internal const int MSG_TRUNC = 0x20;
    internal const short POLLIN = 1;
    internal const int CLOCK_REALTIME = 0, CLOCK_MONOTONIC = 1, CLOCK_BOOTTIME = 7;
    internal const int TFD_TIMER_ABSTIME = 1, TFD_TIMER_CANCEL_ON_SET = 2;
}

/// <summary>struct pollfd.</summary>
[StructLayout(LayoutKind.Sequential)]
struct PollEntry
{
    internal int Descriptor;
    internal short Events;
    internal short Returned;
}

/// <summary>struct timespec on 64-bit Linux; both fields are C longs.</summary>
[StructLayout(LayoutKind.Sequential)]
struct TimeSpec
{
    internal nint Seconds;
    internal nint Nanoseconds;
}
