using System;
using System.Net;
using MeshIoT.Health;

namespace MeshIoT.Node.Engine;

/// <summary>
/// A ping that is a packet inside the tunnel, made and answered within the engine, so that it works alike over the kernel and over
/// our own stack. Its answer is known by random bytes that only the tunnel's two ends see.
/// </summary>
internal abstract class TunnelPing : PingRequest
{
    readonly byte[] address;

    /// <summary>The largest packet of this kind.</summary>
    public const int LargestPacket = 40 + 32;

    /// <summary>A ping of a tailnet address.</summary>
    protected TunnelPing(IPAddress target)
        : base(target) => address = target.GetAddressBytes();

    /// <summary>Whether it goes to an IPv6 address.</summary>
    public bool IsV6 => address.Length == 16;

    /// <summary>Whom it goes to, 4 or 16 bytes.</summary>
    protected ReadOnlySpan<byte> Destination => address;

    /// <summary>Writes the packet, at most <see cref="LargestPacket"/> bytes; returns its length.</summary>
    public abstract int Write(Span<byte> output, ReadOnlySpan<byte> source);

    /// <summary>Takes the packet if it is the answer; it came by this endpoint.</summary>
    public abstract bool TryTake(in IPPacket packet, byte[]? endpoint);

    /// <inheritdoc/>
    protected override FaultReport? Begin(PacketEngine engine, long nowMs) =>
        engine.Send(this, nowMs) ? null : Faults.NoSuchNode.With(Target);
}
