using System;
using System.Runtime.CompilerServices;

namespace MeshIoT.Linux;

/// <summary>
/// Where datagrams come and go, never blocking: the machine's <see cref="UdpPort"/>, or a network that a test makes up. Endpoints are 18 bytes:
/// an IPv6 or v4-mapped IPv6 address (16), then the port (2, big-endian). One thread receives; one thread sends.
///
/// Two manners. One at a time: <see cref="Receive"/>, <see cref="Send"/>. Many at a time, without copies: <see cref="Fetch"/> and
/// <see cref="TryNextRun"/> give the received where it lies; <see cref="Reserve"/> and <see cref="Commit"/> have datagrams written where they are sent
/// from. A port that knows only the first manner has the second from here.
/// </summary>
public abstract unsafe class DatagramPort : IDisposable
{
    /// <summary>Longer datagrams are not fetched and not committed, bytes: a tunnel of the largest MTU, and room for one that a peer was given while this end was not.</summary>
    public const int LargestDatagram = 4_160;

    const int EndpointSize = 18;

    byte[]? received, reserved;
    readonly byte[] receivedFrom = new byte[EndpointSize];
    int receivedLength = -1;

    /// <summary>For a <see cref="Poller"/>; -1 when there is nothing to poll.</summary>
    public abstract int FileDescriptor { get; }

    /// <summary>After <see cref="Fetch"/>: there was nothing more at that moment. False where that is not known.</summary>
    public virtual bool IsDrained => false;

    /// <summary>
    /// Takes one datagram and writes where it came from to <paramref name="source18"/>; returns its length (0 is possible),
    /// or -1 when there is none now.
    /// </summary>
    public abstract int Receive(Span<byte> buffer, Span<byte> source18);

    /// <summary>Sends one datagram; false when it cannot leave this machine.</summary>
    public abstract bool Send(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> endpoint18);

    /// <summary>
    /// Sends one datagram, or keeps it until <see cref="Flush"/> to send it together with others; false when it is known already that it cannot leave.
    /// </summary>
    public virtual bool SendLater(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> endpoint18) => Send(datagram, endpoint18);

    /// <summary>Sends what <see cref="SendLater"/> and <see cref="Commit"/> kept.</summary>
    public virtual void Flush()
    {
    }

    /// <summary>Takes what is there; false when there is nothing. The runs of before are gone.</summary>
    public virtual bool Fetch() => (receivedLength = Receive(received ??= Pinned(), receivedFrom)) >= 0;

    /// <summary>The next run of what was fetched and where it came from; false: no more.</summary>
    public virtual bool TryNextRun(Span<byte> source18, out DatagramRun run)
    {
        run = default;
        if (receivedLength < 0)
        {
            return false;
        }

        receivedFrom.CopyTo(source18);
        run = new DatagramRun((byte*)Unsafe.AsPointer(ref received![0]), receivedLength, receivedLength);
        receivedLength = -1;
        return true;
    }

    /// <summary>Whether a datagram to the endpoint may be committed: what the system refused of late is sent one at a time, so that its fate is known.</summary>
    public virtual bool TakesLater(ReadOnlySpan<byte> endpoint18) => true;

    /// <summary>Memory of <see cref="LargestDatagram"/> bytes to write the next datagram into; it is given again until something is committed.</summary>
    public virtual byte* Reserve() => (byte*)Unsafe.AsPointer(ref (reserved ??= Pinned())[0]);

    /// <summary>
    /// The first <paramref name="length"/> reserved bytes (1 or more) are a datagram, to be sent at once or with <see cref="Flush"/>; false when it is
    /// known already that it cannot leave.
    /// </summary>
    public virtual bool Commit(int length, ReadOnlySpan<byte> endpoint18) => SendLater(reserved.AsSpan(0, length), endpoint18);

    /// <inheritdoc/>
    public abstract void Dispose();

    static byte[] Pinned() => GC.AllocateUninitializedArray<byte>(LargestDatagram, pinned: true);
}
