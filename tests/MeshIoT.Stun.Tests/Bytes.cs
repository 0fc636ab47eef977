using System;
using System.Buffers.Binary;
using System.Net;

namespace MeshIoT.Stun.Tests;

/// <summary>Endpoints and bytes of the tests.</summary>
internal static class Bytes
{
    public static StunTransaction Transaction { get; } = StunTransaction.Read(Hex("0102030405060708090a0b0c"));

    public static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));

    public static byte[] Endpoint(string text)
    {
        IPEndPoint parsed = IPEndPoint.Parse(text);
        byte[] bytes = new byte[18];
        parsed.Address.MapToIPv6().TryWriteBytes(bytes, out _);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(16), (ushort)parsed.Port);
        return bytes;
    }

    public static byte[] Request(StunTransaction transaction)
    {
        byte[] request = new byte[StunRequest.Size];
        StunRequest.Write(request, transaction);
        return request;
    }

    public static byte[] Response(StunTransaction transaction, string seenFrom)
    {
        byte[] response = new byte[StunResponse.MaxSize];
        return response[..StunResponse.Write(response, transaction, Endpoint(seenFrom))];
    }
}
