using System;

namespace MeshIoT.Relay;

/// <summary>The C library's heap, where OpenSSL keeps what it knows of connections.</summary>
public static class NativeHeap
{
    /// <summary>Gives what is unused back to the system, as glibc can; elsewhere nothing happens.</summary>
    public static void Trim()
    {
        try
        {
            _ = Libc.MallocTrim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library, with habits of its own.
        }
    }
}
