using System.Threading;

namespace MeshIoT.Derp;

/// <summary>
/// An auto-reset event for one thread that waits: whoever changes something sets it, the thread looks again. A set without a waiter is
/// remembered. Neither side allocates; nobody spins.
/// </summary>
internal sealed class Signal
{
    readonly object gate = new();
    bool isSet;

    /// <summary>Waits for the next <see cref="Set"/>.</summary>
    public void Wait()
    {
        lock (gate)
        {
            while (!isSet)
            {
                Monitor.Wait(gate);
            }

            isSet = false;
        }
    }

    /// <summary>Lets the waiter go, or the next one.</summary>
    public void Set()
    {
        lock (gate)
        {
            if (!isSet)
            {
                isSet = true;
                Monitor.Pulse(gate);
            }
        }
    }
}
