using Microsoft.Win32.SafeHandles;

namespace MeshIoT.Linux;

/// <summary>
/// Owns a file descriptor. Calls that take it keep it open until they return, so a Dispose on another thread
/// can never make a packet go to a descriptor that has been given to somebody else.
/// </summary>
sealed class Descriptor : SafeHandleMinusOneIsInvalid
{
    internal Descriptor(int descriptor)
        : base(ownsHandle: true) => SetHandle(descriptor);

    internal int Number => (int)handle;

    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;
}
