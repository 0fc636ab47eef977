using System;
using System.Buffers.Binary;
using System.Net;

namespace MeshIoT.Node.Engine;

/// <summary>One ICMP echo through the tunnel, answered by the peer's operating system. RFC 792, RFC 4443 section 4.</summary>
internal sealed class EchoRequest : TunnelPing
{
    const int HeaderLength = 8, CookieLength = 16, Length = HeaderLength + CookieLength;

    readonly byte[] cookie;

    /// <param name="target">The tailnet address.</param>
    /// <param name="cookie">16 random bytes.</param>
    public EchoRequest(IPAddress target, byte[] cookie)
        : base(target) => this.cookie = cookie;

    /// <inheritdoc/>
    public override int Write(Span<byte> output, ReadOnlySpan<byte> source)
    {
        byte protocol = IsV6 ? IPPacket.IcmpV6 : IPPacket.Icmp;
        int header = IPPacket.WriteHeader(output, protocol, source, Destination, Length);
        Span<byte> echo = output.Slice(header, Length);
        echo.Clear();
        echo[0] = (byte)(IsV6 ? 128 : 8);
        cookie.AsSpan(0, 2).CopyTo(echo[4..]);
        BinaryPrimitives.WriteUInt16BigEndian(echo[6..], 1);
        cookie.CopyTo(echo[HeaderLength..]);
        uint pseudo = IsV6 ? IPPacket.PseudoHeader(source, Destination, protocol, Length) : 0;
        BinaryPrimitives.WriteUInt16BigEndian(echo[2..], IPPacket.Checksum(echo, pseudo));
        return header + Length;
    }

    /// <inheritdoc/>
    public override bool TryTake(in IPPacket packet, byte[]? endpoint)
    {
        ReadOnlySpan<byte> payload = packet.Payload;
        bool mine = packet.IsV6 == IsV6
            && packet.Protocol == (IsV6 ? IPPacket.IcmpV6 : IPPacket.Icmp)
            && payload.Length == Length
            && payload[0] == (IsV6 ? 129 : 0)
            && payload[HeaderLength..].SequenceEqual(cookie)
            && packet.Source.SequenceEqual(Destination);
        if (mine)
        {
            Succeed(endpoint);
        }

        return mine;
    }
}
