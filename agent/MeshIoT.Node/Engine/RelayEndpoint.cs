using System;
using System.Buffers.Binary;

namespace MeshIoT.Node.Engine;

/// <summary>The pseudo endpoint 127.3.3.40:REGION, which stands for the relays of a region. data-plane.md section 4.5.</summary>
internal static class RelayEndpoint
{
    /// <summary>The region it stands for; false for an endpoint of UDP.</summary>
    public static bool TryRegion(ReadOnlySpan<byte> endpoint18, out int region)
    {
        ReadOnlySpan<byte> address = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 3, 3, 40];
        region = endpoint18.StartsWith(address) ? BinaryPrimitives.ReadUInt16BigEndian(endpoint18[16..]) : 0;
        return region != 0;
    }
}
