using System;
using System.Collections.Generic;
using MeshIoT.Fuzz.Engine;
using MeshIoT.Stun;

namespace MeshIoT.Fuzz.Targets;

/// <summary>What a STUN server may answer.</summary>
sealed class StunInput : FuzzTarget
{
    readonly byte[] seen = new byte[18];

    public override string Name => "stun-response";

    public override long MostAllocated => 0;

    public override int BytesPerByte => 0;

    public override IEnumerable<byte[]> Seeds
    {
        get
        {
            foreach (string address in (string[])["192.0.2.1", "2001:db8::1"])
            {
                byte[] response = new byte[StunResponse.MaxSize];
                int length = StunResponse.Write(response, StunTransaction.Read(Fixed.Bytes(1, 12)), Fixed.Endpoint(address, 41641));
                yield return response[..length];
            }

            // MAPPED-ADDRESS, and an attribute before it that has to be skipped.
            yield return Convert.FromHexString("010100142112A4420102030405060708090A0B0C80220003616263000001000800010D96C0000201");
        }
    }

    public override void Run(byte[] input)
    {
        seen.AsSpan().Clear();
        StunFault fault = StunResponse.Read(input, out _, seen);
        Promise(fault == StunFault.None || seen.AsSpan().IndexOfAnyExcept((byte)0) < 0, "an address although it is refused");
    }
}
