using System.Threading;

namespace MeshIoT.Derp;

/// <summary>
/// How many batches of one connection may be out at a time. When the receiver is slow the connection stops reading, TCP closes its
/// window, and the relay drops: memory stays bounded on this side.
/// </summary>
internal sealed class BatchQuota
{
    const int Most = 4;

    readonly Signal returned = new();
    int left = Most;

    /// <summary>Takes one if there is one.</summary>
    public bool TryTake()
    {
        if (Interlocked.Decrement(ref left) >= 0)
        {
            return true;
        }

        Interlocked.Increment(ref left);
        return false;
    }

    /// <summary>Gives one back.</summary>
    public void Release()
    {
        Interlocked.Increment(ref left);
        returned.Set();
    }

    /// <summary>Waits until one may have come back.</summary>
    public void Wait() => returned.Wait();

    /// <summary>Lets the waiter look at whatever else has changed.</summary>
    public void Wake() => returned.Set();
}
