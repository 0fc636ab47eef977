using System;
using System.Buffers.Binary;
using System.Net;

namespace MeshIoT.Paths.NetCheck;

/// <summary>Endpoints of 18 bytes as the system's type, for reports and the coordinator.</summary>
internal static class EndpointText
{
    /// <summary>The address and port; a v4-mapped address as IPv4.</summary>
    public static IPEndPoint ToIPEndPoint(byte[] endpoint18)
    {
        IPAddress address = new(endpoint18.AsSpan(0, 16));
        return new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, BinaryPrimitives.ReadUInt16BigEndian(endpoint18.AsSpan(16)));
    }
}
