using System;
using MeshIoT.Stun;

namespace MeshIoT.Paths.NetCheck;

/// <summary>What a check needs of the world: the node's own UDP port, because the mapping looked for is that port's.</summary>
public abstract class NetCheckHost
{
    /// <summary>
    /// Sends a request from the port that WireGuard uses. When the system refuses it, then or later,
    /// <see cref="NetCheckRun.NotSent"/> is to be called with its transaction.
    /// </summary>
    public abstract void Send(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> endpoint18, StunTransaction transaction);
}
