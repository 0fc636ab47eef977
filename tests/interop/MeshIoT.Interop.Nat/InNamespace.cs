using System;
using System.Runtime.ExceptionServices;
using System.Threading;

namespace MeshIoT.Interop.Nat;

/// <summary>
/// Work done inside a named network namespace: a thread of its own goes there. A socket stays where it was made, whoever uses it.
/// </summary>
static class InNamespace
{
    /// <summary>What <paramref name="make"/> gives when it runs in the namespace.</summary>
    public static T Run<T>(string name, Func<T> make)
    {
        T? result = default;
        ExceptionDispatchInfo? trouble = null;
        Thread thread = new(() =>
        {
            try
            {
                Enter(name);
                result = make();
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                trouble = ExceptionDispatchInfo.Capture(e);
            }
        })
        {
            Name = name,
        };
        thread.Start();
        thread.Join();
        trouble?.Throw();
        return result!;
    }

    /// <summary>Takes the calling thread into the namespace, for good.</summary>
    static void Enter(string name)
    {
        int descriptor = Native.Check(Native.Open("/run/netns/" + name, Native.OpenReadOnly | Native.CloseOnExec), "namespace " + name);
        try
        {
            Native.Check(Native.SetNamespace(descriptor, Native.NewNetwork), "namespace " + name);
        }
        finally
        {
            _ = Native.Close(descriptor);
        }
    }
}
