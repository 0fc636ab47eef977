using System;

namespace MeshIoT.Linux;

/// <summary>
/// Where datagrams come and go, never blocking: the machine's <see cref="UdpPort"/>, or a network that a test makes up. Endpoints are 18 bytes:
/// an IPv6 or v4-mapped IPv6 address (16), then the port (2, big-endian). One thread receives; one thread sends.
/// </summary>
public abstract class DatagramPort : IDisposable
{
    /// <summary>For a <see cref="Poller"/>; -1 when there is nothing to poll.</summary>
    public abstract int FileDescriptor { get; }

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

    /// <summary>Sends what <see cref="SendLater"/> kept.</summary>
    public virtual void Flush()
    {
    }

    /// <inheritdoc/>
    public abstract void Dispose();
}
