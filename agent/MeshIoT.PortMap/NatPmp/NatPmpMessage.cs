using System;
using System.Buffers.Binary;

namespace MeshIoT.PortMap.NatPmp;

/// <summary>
/// An answer of a gateway, or its announcement that its address changed, as it lies in the datagram. Length and opcode are
/// checked once, in <see cref="TryRead"/>; fields that an answer with an error does not carry are 0. RFC 6886 sections 3.2 to 3.5.
/// </summary>
internal readonly record struct NatPmpMessage
{
    public const int Port = 5351, AnnouncementPort = 5350;
    public const byte Version = 0, OpAddress = 0, OpMapUdp = 1, AnswerBit = 0x80;
    public const ushort Success = 0;
    public const int AddressRequestSize = 2, MapRequestSize = 12;

    const int ResultAt = 2, EpochAt = 4, AddressAt = 8, AddressSize = 12, InternalPortAt = 8, ExternalPortAt = 10, LifetimeAt = 12, MapSize = 16;

    /// <summary>0 for the external address, 1 for a UDP mapping.</summary>
    public required byte Operation { get; init; }

    /// <summary>0: done. 1 version, 2 refused, 3 the gateway has no address itself, 4 no room, 5 operation unknown.</summary>
    public required ushort Result { get; init; }

    /// <summary>Seconds since the gateway's table was made.</summary>
    public required uint Epoch { get; init; }

    /// <summary>The external IPv4 address, first byte highest.</summary>
    public uint Address { get; init; }

    public ushort InternalPort { get; init; }

    public ushort ExternalPort { get; init; }

    /// <summary>Seconds.</summary>
    public uint Lifetime { get; init; }

    /// <summary>Reads an answer; false for anything that is none, other protocols' included.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out NatPmpMessage message)
    {
        message = default;
        if (bytes.Length < AddressAt || bytes[0] != Version || (bytes[1] & AnswerBit) == 0)
        {
            return false;
        }

        int operation = bytes[1] & ~AnswerBit;
        ushort result = BinaryPrimitives.ReadUInt16BigEndian(bytes[ResultAt..]);
        int needed = (operation, result) switch
        {
            (OpAddress, Success) => AddressSize,
            (OpMapUdp, Success) => MapSize,
            (OpAddress or OpMapUdp, _) => AddressAt,
            _ => int.MaxValue,
        };
        if (bytes.Length < needed)
        {
            return false;
        }

        message = new NatPmpMessage
        {
            Operation = (byte)operation,
            Result = result,
            Epoch = BinaryPrimitives.ReadUInt32BigEndian(bytes[EpochAt..]),
            Address = operation == OpAddress && result == Success ? BinaryPrimitives.ReadUInt32BigEndian(bytes[AddressAt..]) : 0,
            InternalPort = needed == MapSize ? BinaryPrimitives.ReadUInt16BigEndian(bytes[InternalPortAt..]) : (ushort)0,
            ExternalPort = needed == MapSize ? BinaryPrimitives.ReadUInt16BigEndian(bytes[ExternalPortAt..]) : (ushort)0,
            Lifetime = needed == MapSize ? BinaryPrimitives.ReadUInt32BigEndian(bytes[LifetimeAt..]) : 0,
        };
        return true;
    }

    /// <summary>The question for the external address.</summary>
    public static byte[] AddressRequest() => [Version, OpAddress];

    /// <summary>The wish for a mapping; a lifetime of 0 (with external port 0) takes it away. RFC 6886 sections 3.3 and 3.4.</summary>
    public static byte[] MapRequest(ushort internalPort, ushort externalPort, uint lifetimeSeconds)
    {
        byte[] bytes = new byte[MapRequestSize];
        bytes[1] = OpMapUdp;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), internalPort);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(6), externalPort);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), lifetimeSeconds);
        return bytes;
    }
}
