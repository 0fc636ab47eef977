using System;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace MeshIoT.Filter;

/// <summary>An IPv4 or IPv6 address as a number; the families never meet.</summary>
internal readonly record struct InnerAddress(bool IsV6, UInt128 Value)
{
    public int Bits => IsV6 ? 128 : 32;

    public static InnerAddress ReadV4(ReadOnlySpan<byte> bytes) => new(false, BinaryPrimitives.ReadUInt32BigEndian(bytes));

    public static InnerAddress ReadV6(ReadOnlySpan<byte> bytes) => new(true, BinaryPrimitives.ReadUInt128BigEndian(bytes));

    public static InnerAddress From(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? ReadV6(bytes) : ReadV4(bytes);
    }

    public bool IsMulticast => IsV6 ? Value >> 120 == 0xFF : Value >> 28 == 0xE;

    public bool IsLinkLocal => IsV6 ? Value >> 118 == 0xFE80 >> 6 : Value >> 16 == 0xA9FE;

    /// <summary>169.254.169.254, where clouds serve metadata and, through a subnet router, DNS.</summary>
    public bool IsMetadataService => !IsV6 && Value == 0xA9FEA9FE;

    /// <summary>
    /// The plain forms only: four decimal numbers, or IPv6 without brackets and scope. The parser of the class library also takes
    /// "1", "0x7f.1" and octal, and a filter must not guess.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out InnerAddress address)
    {
        address = default;
        if (text.Length is 0 or > 45 || text.ContainsAnyExcept("0123456789abcdefABCDEF:.") || !IPAddress.TryParse(text, out IPAddress? parsed))
        {
            return false;
        }

        address = From(parsed);
        return address.IsV6 || text.SequenceEqual(parsed.ToString());
    }
}
