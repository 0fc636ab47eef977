using System;
using System.Collections.Generic;
using System.Net;

namespace MeshIoT.Node.Engine;

/// <summary>
/// The machine's side of the engine: whole IP packets to and from either the kernel or the stack inside this process.
/// Everything but the constructor is called on the engine thread.
/// </summary>
internal abstract class HostLink : IDisposable
{
    /// <summary>What to poll for packets; -1 when there is nothing to poll.</summary>
    public virtual int FileDescriptor => -1;

    /// <summary>When <see cref="Read"/> must be called at the latest.</summary>
    public virtual long NextWakeMs => long.MaxValue;

    /// <summary>The next packet the machine wants sent; its length, 0 for none.</summary>
    public abstract int Read(byte[] buffer, int offset, long nowMs);

    /// <summary>Gives the machine a packet that has passed every check; it may wait for <see cref="Flush"/>.</summary>
    public abstract void Deliver(byte[] packet, int offset, int length, long nowMs);

    /// <summary>The end of a batch: what waits goes now.</summary>
    public virtual void Flush()
    {
    }

    /// <summary>The machine's own tailnet addresses changed.</summary>
    public virtual void SetAddresses(IReadOnlyList<IPAddress> addresses)
    {
    }

    /// <inheritdoc/>
    public abstract void Dispose();
}
