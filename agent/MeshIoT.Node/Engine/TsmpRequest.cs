using System;
using System.Net;

namespace MeshIoT.Node.Engine;

/// <summary>
/// One TSMP ping through the tunnel, answered by the peer's agent itself: it proves the tunnel where filter or firewall lets
/// nothing in. data-plane.md section 7.4.
/// </summary>
internal sealed class TsmpRequest : TunnelPing
{
    readonly byte[] cookie;

    /// <param name="target">The tailnet address.</param>
    /// <param name="cookie">8 random bytes.</param>
    public TsmpRequest(IPAddress target, byte[] cookie)
        : base(target) => this.cookie = cookie;

    /// <inheritdoc/>
    public override int Write(Span<byte> output, ReadOnlySpan<byte> source) => Tsmp.WritePing(output, source, Destination, cookie);

    /// <inheritdoc/>
    public override bool TryTake(in IPPacket packet, byte[]? endpoint)
    {
        bool mine = Tsmp.TryReadPong(packet, cookie, out int port) && packet.Source.SequenceEqual(Destination);
        if (mine)
        {
            Succeed(endpoint, port);
        }

        return mine;
    }
}
