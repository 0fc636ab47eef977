using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using MeshIoT.Fuzz.Engine;
using MeshIoT.Stun;

namespace MeshIoT.Fuzz.Targets;

/// <summary>What a STUN server of ours is asked, with the fingerprint put right. No answer is longer than its question.</summary>
sealed class StunRequestInput : FuzzTarget
{
    readonly byte[] response = new byte[StunResponse.MaxSize];

    public override string Name => "stun-request";

    public override long MostAllocated => 0;

    // The input is copied to put it right.
    public override int BytesPerByte => 2;

    public override IEnumerable<byte[]> Seeds
    {
        get
        {
            byte[] request = new byte[StunRequest.Size];
            StunRequest.Write(request, StunTransaction.Read(Fixed.Bytes(1, 12)));
            yield return request;
        }
    }

    public override void Run(byte[] input)
    {
        if (input.Length >= 28 && input.AsSpan(input.Length - 8, 4).SequenceEqual((ReadOnlySpan<byte>)[0x80, 0x28, 0, 4]))
        {
            BinaryPrimitives.WriteUInt32BigEndian(input.AsSpan(input.Length - 4), Crc32.Of(input.AsSpan(0, input.Length - 8)) ^ 0x5354554E);
        }

        int length = StunServer.Answer(input, Endpoint4, response, out _);
        Promise(length <= input.Length, "an answer longer than its question");
        Promise(StunServer.Answer(input, Endpoint6, response, out _) <= input.Length + 4, "a much longer answer");
    }

    static readonly byte[] Endpoint4 = Fixed.Endpoint("192.0.2.1", 41641), Endpoint6 = Fixed.Endpoint("2001:db8::1", 41641);
}
