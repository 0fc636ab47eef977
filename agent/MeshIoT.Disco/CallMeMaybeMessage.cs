using System;

namespace MeshIoT.Disco;

/// <summary>Payload of a call-me-maybe: endpoints, 18 bytes each. A list that is not whole counts as empty. data-plane.md section 2.2, type 3.</summary>
public readonly ref struct CallMeMaybeMessage
{
    /// <summary>More endpoints than this are not read.</summary>
    public const int MostEndpoints = 100;

    readonly ReadOnlySpan<byte> endpoints;

    /// <summary>A message with these endpoints, 18 bytes each, one after the other.</summary>
    public CallMeMaybeMessage(ReadOnlySpan<byte> endpoints)
    {
        int most = Math.Min(endpoints.Length, MostEndpoints * DiscoDatagram.EndpointSize);
        this.endpoints = endpoints.Length % DiscoDatagram.EndpointSize == 0 ? endpoints[..most] : default;
    }

    /// <summary>How many endpoints there are.</summary>
    public int Count => endpoints.Length / DiscoDatagram.EndpointSize;

    /// <summary>The endpoint at a position, 18 bytes.</summary>
    public ReadOnlySpan<byte> this[int index] => endpoints.Slice(index * DiscoDatagram.EndpointSize, DiscoDatagram.EndpointSize);

    /// <summary>Reads a payload; another version than 0 has another list, so it counts as empty.</summary>
    public static CallMeMaybeMessage Read(byte version, ReadOnlySpan<byte> payload) => new(version == 0 ? payload : default);

    /// <summary>Writes type, version and payload; returns their length.</summary>
    public int Write(Span<byte> message)
    {
        message[0] = (byte)DiscoMessageType.CallMeMaybe;
        message[1] = 0;
        endpoints.CopyTo(message[DiscoDatagram.MessageHeaderSize..]);
        return DiscoDatagram.MessageHeaderSize + endpoints.Length;
    }
}
