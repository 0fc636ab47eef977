using System.IO;
using System.Threading;
using MeshIoT.Control;

namespace MeshIoT.Fuzz.Targets;

/// <summary>Reads one map frame as a session does.</summary>
static class MapFrames
{
    public const string Frame = """
        {"KeepAlive":false,"PingRequest":{"URL":"/x","Types":"c2n","Payload":"R0VU"},"Node":{"ID":1,"StableID":"n1","Name":"a.tail.example.","User":1,
        "Key":"nodekey:50d20b455ecf12bc453f83c2cfdb2a24925d06cf2598dcaa54e91af82ce9f765","KeyExpiry":"2026-01-25T18:31:27.550535802Z",
        "Addresses":["100.64.0.1/32"],"CapMap":{"a":[{"b":1}],"c":null},"Hostinfo":{"Services":[{"Proto":"tcp","Port":80}],"NetInfo":{"DERPLatency":{"1-v4":0.01}}}},
        "Peers":[{"ID":2,"Online":true,"Endpoints":["1.2.3.4:5","[2001:db8::1]:9"],"AllowedIPs":["10.0.0.0/8"]}],"PeersRemoved":[3],"PeersChangedPatch":[{"NodeID":2,"Endpoints":["1.2.3.4:5"]}],"OnlineChange":{"2":true},
        "DERPMap":{"Regions":{"900":{"RegionID":900,"Nodes":[{"Name":"a","RegionID":900,"HostName":"h"}]}}},"DNSConfig":{"Routes":{"x":null},"ExtraRecords":[{"Name":"a","Value":"1.1.1.1"}]},
        "PacketFilters":{"base":[{"SrcIPs":["*"],"DstPorts":[{"IP":"*","Ports":{"First":0,"Last":65535}}],"IPProto":[6]}],"*":null},
        "UserProfiles":[{"ID":1,"LoginName":"u"}],"SSHPolicy":{"rules":[]},"ControlTime":"2026-11-23T12:00:00Z","DisplayMessages":{"m":{"Title":"t"}}}
        """;

    static readonly MapFrameLimits Limits = new(MaxFrameBytes: 1 << 20, MaxUnpackedBytes: 1 << 20, MaxEntryBytes: 64 * 1024);

    /// <summary>Whether it was a frame.</summary>
    public static bool Read(byte[] content)
    {
        using MemoryStream stream = new([(byte)content.Length, (byte)(content.Length >> 8), (byte)(content.Length >> 16), 0, .. content]);
        MapFrameReader reader = new(stream, Limits);
        MapFrame? frame = reader.ReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return frame is null != (reader.Fault == MapFrameFault.None) ? frame is not null : throw new Engine.BrokenPromiseException("neither a frame nor a fault, or both");
    }
}
