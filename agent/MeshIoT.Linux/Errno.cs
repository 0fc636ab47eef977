using System.Runtime.InteropServices;

namespace MeshIoT.Linux;

/// <summary>The error numbers told apart here (asm-generic/errno.h; the same on x64 and arm64) and their text.</summary>
static class Errno
{
    internal const int EPERM = 1, ENOENT = 2, ESRCH = 3, EINTR = 4, EIO = 5, ENXIO = 6, EAGAIN = 11, EACCES = 13, EBUSY = 16, EEXIST = 17,
        ENODEV = 19, EINVAL = 22, EPIPE = 32, EBADFD = 77, EMSGSIZE = 90, ENOPROTOOPT = 92, EPROTONOSUPPORT = 93, EOPNOTSUPP = 95, EAFNOSUPPORT = 97, EADDRINUSE = 98,
        EADDRNOTAVAIL = 99, ENOBUFS = 105, ENOTCONN = 107, ETIMEDOUT = 110;

    /// <summary>The error number of the last call made with SetLastError on this thread.</summary>
    internal static int Last => Marshal.GetLastPInvokeError();

    /// <summary>What the system calls the error, for the end of a sentence.</summary>
    internal static string Text(int errno) => Marshal.GetPInvokeErrorMessage(errno);
}
