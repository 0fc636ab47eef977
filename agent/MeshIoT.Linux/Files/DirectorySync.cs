using System;
using System.IO;
using System.Runtime.InteropServices;

namespace MeshIoT.Linux.Files;

/// <summary>Makes a rename last through a power cut: fsync(2) of the directory, which .NET has no call for.</summary>
public static partial class DirectorySync
{
    const int ReadOnly = 0, Directory = 0x10000, CloseOnExec = 0x80000, DirectoryArm = 0x4000;

    /// <summary>Returns once the directory's entries are on the disk; file systems that cannot do that are let be.</summary>
    public static void Flush(string directory)
    {
        bool arm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;
        int descriptor = Open(directory, ReadOnly | CloseOnExec | (arm ? DirectoryArm : Directory), 0);
        if (descriptor < 0)
        {
            throw new IOException($"open: errno {Marshal.GetLastPInvokeError()}");
        }

        _ = Fsync(descriptor);
        _ = Close(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
