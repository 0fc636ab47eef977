using System;
using System.Buffers.Binary;
using System.Net;

namespace MeshIoT.PortMap.Pcp;

/// <summary>
/// A PCP answer, or an announcement, as it lies in the datagram; checked once, in <see cref="TryRead"/>. RFC 6887 sections 7 and 11.
/// </summary>
internal readonly record struct PcpMessage
{
    public const byte Version = 2, OpAnnounce = 0, OpMap = 1, AnswerBit = 0x80, Udp = 17;
    public const byte Success = 0;
    public const int HeaderSize = 24, MapSize = 60, NonceSize = 12, LargestSize = 1100;

    const int ResultAt = 3, LifetimeAt = 4, EpochAt = 8, ClientAt = 8, NonceAt = 24, ProtocolAt = 36, InternalPortAt = 40,
        ExternalPortAt = 42, ExternalAddressAt = 44;

    /// <summary>0 announce, 1 map.</summary>
    public required byte Operation { get; init; }

    /// <summary>0: done; RFC 6887 section 7.4.</summary>
    public required byte Result { get; init; }

    /// <summary>Seconds: of the mapping, or until asking again makes sense.</summary>
    public required uint Lifetime { get; init; }

    /// <summary>Seconds since the server's state was made.</summary>
    public required uint Epoch { get; init; }

    /// <summary>The external address when it is IPv4; null for IPv6 and for an announcement.</summary>
    public IPAddress? ExternalAddress { get; init; }

    public ushort ExternalPort { get; init; }

    /// <summary>
    /// Reads an answer. A map answer counts only when it carries this nonce and this internal UDP port: others are for
    /// somebody else, or guessed.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> nonce, ushort internalPort, out PcpMessage message)
    {
        message = default;
        if (bytes.Length is < HeaderSize or > LargestSize || (bytes.Length & 3) != 0 || bytes[0] != Version || (bytes[1] & AnswerBit) == 0)
        {
            return false;
        }

        byte operation = (byte)(bytes[1] & ~AnswerBit);
        bool map = operation == OpMap;
        if (map ? bytes.Length < MapSize || !IsOurs(bytes, nonce, internalPort) : operation != OpAnnounce)
        {
            return false;
        }

        ReadOnlySpan<byte> external = map ? bytes.Slice(ExternalAddressAt, 16) : default;
        message = new PcpMessage
        {
            Operation = operation,
            Result = bytes[ResultAt],
            Lifetime = BinaryPrimitives.ReadUInt32BigEndian(bytes[LifetimeAt..]),
            Epoch = BinaryPrimitives.ReadUInt32BigEndian(bytes[EpochAt..]),
            ExternalPort = map ? BinaryPrimitives.ReadUInt16BigEndian(bytes[ExternalPortAt..]) : (ushort)0,
            ExternalAddress = map && IsMapped(external) ? new IPAddress(external[12..]) : null,
        };
        return true;
    }

    /// <summary>The question whether anybody speaks PCP there, and what its epoch is.</summary>
    public static byte[] AnnounceRequest(IPAddress client) => Header(OpAnnounce, client, 0, HeaderSize);

    /// <summary>The wish for a UDP mapping; lifetime 0 takes it away.</summary>
    public static byte[] MapRequest(
        IPAddress client, ReadOnlySpan<byte> nonce, ushort internalPort, ushort externalPort, IPAddress? externalAddress, uint lifetimeSeconds)
    {
        byte[] bytes = Header(OpMap, client, lifetimeSeconds, MapSize);
        nonce[..NonceSize].CopyTo(bytes.AsSpan(NonceAt));
        bytes[ProtocolAt] = Udp;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(InternalPortAt), internalPort);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(ExternalPortAt), externalPort);
        WriteMapped(externalAddress ?? IPAddress.Any, bytes.AsSpan(ExternalAddressAt));
        return bytes;
    }

    static bool IsOurs(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> nonce, ushort internalPort) =>
        bytes.Slice(NonceAt, NonceSize).SequenceEqual(nonce)
        && bytes[ProtocolAt] == Udp
        && BinaryPrimitives.ReadUInt16BigEndian(bytes[InternalPortAt..]) == internalPort;

    static byte[] Header(byte operation, IPAddress client, uint lifetime, int size)
    {
        byte[] bytes = new byte[size];
        bytes[0] = Version;
        bytes[1] = operation;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(LifetimeAt), lifetime);
        WriteMapped(client, bytes.AsSpan(ClientAt));
        return bytes;
    }

    static void WriteMapped(IPAddress ipv4, Span<byte> room)
    {
        room[10] = room[11] = 0xff;
        ipv4.TryWriteBytes(room[12..], out _);
    }

    static bool IsMapped(ReadOnlySpan<byte> address) => address[..10].IndexOfAnyExcept((byte)0) < 0 && address[10] == 0xff && address[11] == 0xff;
}
