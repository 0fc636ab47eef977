using System;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Threading;
using Xunit;

namespace MeshIoT.Linux.Tests;

/// <summary>
/// Runs a piece of a test on a thread of its own with another view of the machine: an empty network namespace,
/// or a user without rights. Both end with the thread; the rest of the process keeps its own.
/// </summary>
static partial class Isolation
{
    const int CLONE_NEWNET = 0x40000000;
    const uint Nobody = 65534;

    /// <summary>In an empty network namespace; the test is skipped, with the reason, where that is not allowed.</summary>
    public static void InNetworkNamespace(Action body)
    {
        bool denied = false;
        OnThread(() =>
        {
            denied = Unshare(CLONE_NEWNET) != 0;
            if (!denied)
            {
                body();
            }
        });
        Assert.SkipWhen(denied, "making a network namespace needs root");
    }

    /// <summary>As the user nobody, so that refusals can be seen; as ourselves when we have no rights to begin with.</summary>
    public static void WithoutRights(Action body) => OnThread(() =>
    {
        // Loaded now: nobody may not read the folder it lies in, and the runtime does not try a second time.
        System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(typeof(MeshIoT.Health.Faults).TypeHandle);
        if (GetEffectiveUserId() == 0)
        {
            // The bare system call: libc's wrapper would change every thread.
            nint number = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 147 : 117;
            Assert.Equal(0, SetResUid(number, Nobody, Nobody, Nobody));
        }

        body();
    });

    static void OnThread(Action body)
    {
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                body();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUserId();

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SetResUid(nint number, nuint real, nuint effective, nuint saved);
}
