using System;
using System.Collections.Generic;
using System.Net;
using MeshIoT.Filter;
using MeshIoT.Fuzz.Engine;
using MeshIoT.Tailcfg;

namespace MeshIoT.Fuzz.Targets;

/// <summary>Packets that a tunnel brings: judged without an allocation, and by a shut filter never let in when they begin something.</summary>
sealed class FilterInput : FuzzTarget
{
    readonly PacketFilter filter = PacketFilter.Compile(
        [new FilterRule { SrcIPs = ["100.64.0.1"], DstPorts = [new NetPortRange { IP = "*", Ports = new PortRange(22, 22) }] }],
        [IPNetwork.Parse("100.64.0.2/32"), IPNetwork.Parse("fd7a:115c:a1e0::2/128")], out _);

    public override string Name => "filter";

    public override long MostAllocated => 0;

    public override int BytesPerByte => 0;

    public override IEnumerable<byte[]> Seeds =>
        [Fixed.Packet4(6, [0, 9, 0, 22, .. new byte[16]]), Fixed.Packet6(17, [0, 9, 0, 22, 0, 8, 0, 0]), Fixed.Packet6(44, [17, 0, 0, 1, 0, 0, 0, 9, 0, 9, 0, 22, 0, 8, 0, 0]), Fixed.Packet4(1, [8, 0, 0, 0, 0, 0, 0, 0])];

    public override void Run(byte[] input)
    {
        Verdict verdict = filter.CheckIn(input);
        Promise((int)verdict >= 0, "no verdict");
        Promise(verdict != Verdict.Accept || input.Length is 0 or >= 20, "something too short to be a packet was let in");
    }
}
