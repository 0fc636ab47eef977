using System;
using System.Collections.Generic;
using MeshIoT.Fuzz.Engine;
using MeshIoT.PortMap.NatPmp;

namespace MeshIoT.Fuzz.Targets;

/// <summary>What a router may answer to NAT-PMP.</summary>
sealed class NatPmpInput : FuzzTarget
{
    public override string Name => "nat-pmp";

    public override IEnumerable<byte[]> Seeds =>
        [Convert.FromHexString("00800000000000642D424D58"), Convert.FromHexString("0081000000000064A2A9C35000001C20"), Convert.FromHexString("0081000200000064A2A9000000000000")];

    public override void Run(byte[] input) => NatPmpMessage.TryRead(input, out _);
}
