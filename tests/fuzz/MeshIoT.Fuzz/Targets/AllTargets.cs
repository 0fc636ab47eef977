using System.Collections.Generic;
using MeshIoT.Fuzz.Engine;

namespace MeshIoT.Fuzz.Targets;

/// <summary>Every parser of what comes from outside.</summary>
static class AllTargets
{
    public static List<FuzzTarget> Make() =>
    [
        new WireGuardDatagram(), new WireGuardInner(), new StackInput(), new FilterInput(), new TsmpInput(),
        new DiscoDatagramInput(), new DiscoMessage(), new StunInput(), new StunRequestInput(),
        new NatPmpInput(), new PcpInput(), new SsdpInput(), new UpnpDocument(), new MapperInput(),
        new DerpFramesToClient(), new DerpFramesToRelay(), new DerpInfo(), new DerpHead(), new RelayRequest(),
        new UpgradeAsk(), new MapFrameInput(), new MapFramePacked(), new TailcfgInput(),
        new HttpRequestInput(), new NetlinkInput(), new PolicyInput(), new ClaimInput(), new KeptNetmapInput(), new TunJoin(),
    ];
}
