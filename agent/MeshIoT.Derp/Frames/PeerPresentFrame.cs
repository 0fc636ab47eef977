using System;
using System.Buffers.Binary;
using System.Net;
using MeshIoT.Crypto;

namespace MeshIoT.Derp;

/// <summary>What kind of client a relay tells another of.</summary>
[Flags]
#pragma warning disable CA1028 // It is a byte on the wire.
public enum PeerPresentFlags : byte
#pragma warning restore CA1028
{
    /// <summary>Nothing said.</summary>
    None = 0,

    /// <summary>A node.</summary>
    Regular = 1,

    /// <summary>A relay of the region.</summary>
    MeshPeer = 2,

    /// <summary>A program that measures.</summary>
    Prober = 4,

    /// <summary>It would rather be at another relay of the region.</summary>
    NotIdeal = 8,
}

/// <summary>A relay tells another of its region that a client is here.</summary>
/// <param name="Peer">Who.</param>
/// <param name="Address">Where it comes from; null when the frame does not say.</param>
/// <param name="Flags">What it is.</param>
public readonly record struct PeerPresentFrame(NodePublicKey Peer, IPEndPoint? Address, PeerPresentFlags Flags)
{
    const int AddressAt = DerpFrames.KeySize, PortAt = AddressAt + 16, FlagsAt = PortAt + 2, Size = FlagsAt + 1;

    /// <summary>Bytes of the whole frame.</summary>
    public const int FrameSize = DerpFrames.HeaderSize + Size;

    /// <summary>Reads a body of at least 32 bytes; what older relays leave out stays empty.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out PeerPresentFrame frame)
    {
        frame = default;
        if (body.Length < DerpFrames.KeySize)
        {
            return false;
        }

        IPEndPoint? address = null;
        if (body.Length >= FlagsAt)
        {
            IPAddress ip = new(body[AddressAt..PortAt]);
            address = new(ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip, BinaryPrimitives.ReadUInt16BigEndian(body[PortAt..]));
        }

        frame = new(PacketFrame.KeyOf(body), address, body.Length >= Size ? (PeerPresentFlags)body[FlagsAt] : PeerPresentFlags.None);
        return true;
    }

    /// <summary>Writes the whole frame; the bytes written.</summary>
    public int Write(Span<byte> output)
    {
        int at = DerpFrames.WriteHeader(output, FrameType.PeerPresent, Size);
        Span<byte> body = output.Slice(at, Size);
        body.Clear();
        Peer.CopyTo(body);
        if (Address is { } address)
        {
            address.Address.MapToIPv6().TryWriteBytes(body[AddressAt..], out _);
            BinaryPrimitives.WriteUInt16BigEndian(body[PortAt..], (ushort)address.Port);
        }

        body[FlagsAt] = (byte)Flags;
        return at + Size;
    }
}
