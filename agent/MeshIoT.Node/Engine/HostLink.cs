using System;
using System.Collections.Generic;
using System.Net;
using MeshIoT.Linux;

namespace MeshIoT.Node.Engine;

/// <summary>
/// The machine's side of the engine: whole IP packets to and from either the kernel or the stack inside this process.
/// Everything but the constructor is called on the engine thread.
///
/// Two manners. One packet at a time: <see cref="Read"/>, <see cref="Deliver"/>. Large packets that stand for many, without copies:
/// <see cref="Fetch"/>, <see cref="Cut"/>, <see cref="DeliverLater"/>. A link that knows only the first has the second from here.
/// </summary>
internal abstract unsafe class HostLink : IDisposable
{
    /// <summary>Bytes before a packet that <see cref="DeliverLater"/> may overwrite.</summary>
    public const int Headroom = TunDevice.Headroom;

    readonly byte[] fetched = new byte[DatagramPort.LargestDatagram];
    byte[] delivered = [];
    int fetchedLength;

    /// <summary>What to poll for packets; -1 when there is nothing to poll.</summary>
    public virtual int FileDescriptor => -1;

    /// <summary>When <see cref="Read"/> must be called at the latest.</summary>
    public virtual long NextWakeMs => long.MaxValue;

    /// <summary>The packet that was fetched; empty when all of it is cut.</summary>
    public virtual ReadOnlySpan<byte> Fetched => fetched.AsSpan(0, fetchedLength);

    /// <summary>The next packet the machine wants sent; its length, 0 for none.</summary>
    public abstract int Read(byte[] buffer, int offset, long nowMs);

    /// <summary>Gives the machine a packet that has passed every check; it may wait for <see cref="Flush"/>.</summary>
    public abstract void Deliver(byte[] packet, int offset, int length, long nowMs);

    /// <summary>Takes the next packet the machine wants sent, which may stand for many; false when there is none.</summary>
    public virtual bool Fetch(long nowMs) => (fetchedLength = Read(fetched, 0, nowMs)) > 0;

    /// <summary>Writes the next packet of what was fetched; its length, 0 for no more.</summary>
    public virtual int Cut(Span<byte> output)
    {
        int length = fetchedLength;
        fetchedLength = 0;
        if (length > output.Length)
        {
            return 0;
        }

        fetched.AsSpan(0, length).CopyTo(output);
        return length;
    }

    /// <summary>As <see cref="Deliver"/>, for a packet that stays where it is until <see cref="Flush"/>, with <see cref="Headroom"/> bytes before it to overwrite.</summary>
    public virtual void DeliverLater(byte* packet, int length, long nowMs)
    {
        if (delivered.Length < length)
        {
            delivered = new byte[DatagramPort.LargestDatagram];
        }

        new ReadOnlySpan<byte>(packet, length).CopyTo(delivered);
        Deliver(delivered, 0, length, nowMs);
    }

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
