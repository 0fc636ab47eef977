using System;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;

namespace MeshIoT.Node.Engine;

/// <summary>
/// One ICMP echo through the tunnel, made and answered inside the engine, so it works alike over the kernel and over our own
/// stack. The reply is known by 16 random bytes that only the tunnel's two ends see. RFC 792, RFC 4443 section 4.
/// </summary>
internal sealed class EchoRequest : EngineWork
{
    const int HeaderLength = 8, CookieLength = 16;

    /// <summary>The largest echo packet.</summary>
    public const int LargestPacket = 40 + HeaderLength + CookieLength;

    readonly TaskCompletionSource<(TimeSpan, byte[]?)> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly byte[] target, cookie;
    readonly ushort identifier;
    long startedAt;
    int settled;

    /// <param name="target">The tailnet address.</param>
    /// <param name="cookie">16 random bytes.</param>
    public EchoRequest(IPAddress target, byte[] cookie)
    {
        this.target = target.GetAddressBytes();
        this.cookie = cookie;
        identifier = BinaryPrimitives.ReadUInt16BigEndian(cookie);
    }

    /// <summary>Round trip and the UDP endpoint of the peer.</summary>
    public Task<(TimeSpan RoundTrip, byte[]? Endpoint)> Done => done.Task;

    /// <summary>Nobody waits any more; the engine forgets the request.</summary>
    public bool IsSettled => Volatile.Read(ref settled) != 0;

    /// <inheritdoc/>
    public override void Run(PacketEngine engine, long nowMs)
    {
        startedAt = Stopwatch.GetTimestamp();
        if (!engine.SendEcho(this, nowMs))
        {
            Fail(Faults.NoSuchNode.With(new IPAddress(target)).ToException());
        }
    }

    /// <inheritdoc/>
    public override void Abandon() => Fail(Faults.NotInTailnet.With().ToException());

    /// <summary>Ends the wait with an error.</summary>
    public void Fail(Exception why)
    {
        Volatile.Write(ref settled, 1);
        done.TrySetException(why);
    }

    /// <summary>Nobody waits any more.</summary>
    public void Settle() => Volatile.Write(ref settled, 1);

    /// <summary>Whether it goes to an IPv6 address.</summary>
    public bool IsV6 => target.Length == 16;

    /// <summary>Writes the packet; returns its length.</summary>
    public int Write(Span<byte> output, ReadOnlySpan<byte> source)
    {
        const int length = HeaderLength + CookieLength;
        byte protocol = IsV6 ? IPPacket.IcmpV6 : IPPacket.Icmp;
        int header = IPPacket.WriteHeader(output, protocol, source, target, length);
        Span<byte> echo = output.Slice(header, length);
        echo.Clear();
        echo[0] = (byte)(IsV6 ? 128 : 8);
        BinaryPrimitives.WriteUInt16BigEndian(echo[4..], identifier);
        BinaryPrimitives.WriteUInt16BigEndian(echo[6..], 1);
        cookie.CopyTo(echo[HeaderLength..]);
        uint pseudo = IsV6 ? IPPacket.PseudoHeader(source, target, protocol, length) : 0;
        BinaryPrimitives.WriteUInt16BigEndian(echo[2..], IPPacket.Checksum(echo, pseudo));
        return header + length;
    }

    /// <summary>Takes the packet if it is the reply to this request.</summary>
    public bool TryTake(in IPPacket packet, byte[]? endpoint)
    {
        ReadOnlySpan<byte> payload = packet.Payload;
        bool mine = packet.IsV6 == IsV6
            && packet.Protocol == (IsV6 ? IPPacket.IcmpV6 : IPPacket.Icmp)
            && payload.Length == HeaderLength + CookieLength
            && payload[0] == (IsV6 ? 129 : 0)
            && payload[HeaderLength..].SequenceEqual(cookie)
            && packet.Source.SequenceEqual(target);
        if (mine)
        {
            Volatile.Write(ref settled, 1);
            done.TrySetResult((Stopwatch.GetElapsedTime(startedAt), endpoint));
        }

        return mine;
    }
}
