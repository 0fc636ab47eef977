using System;
using System.Runtime.InteropServices;

namespace MeshIoT.Crypto;

/// <summary>
/// The kernel's generator, getrandom(2): blocks once at boot until it is seeded, then never again. The BCL's generator is not used
/// because it loads OpenSSL, which a small gateway may not have.
/// </summary>
public sealed partial class SystemRandomSource : RandomSource
{
    const int Interrupted = 4;   // EINTR

    /// <inheritdoc/>
    public override unsafe void Fill(byte[] buffer, int offset, int length)
    {
        Bounds.Check(buffer, offset, length);
        fixed (byte* start = buffer)
        {
            int done = 0;
            while (done < length)
            {
                nint got = GetRandom(start + offset + done, (nuint)(length - done), 0);
                if (got > 0)
                {
                    done += (int)got;
                }
                else if (Marshal.GetLastPInvokeError() != Interrupted)
                {
                    throw new InvalidOperationException("the kernel gave no random bytes: getrandom failed with error " + Marshal.GetLastPInvokeError());
                }
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "getrandom", SetLastError = true)]
    private static unsafe partial nint GetRandom(byte* buffer, nuint length, uint flags);
}
