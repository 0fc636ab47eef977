using System;

namespace MeshIoT.PortMap.Upnp;

/// <summary>A service of the gateway that maps ports.</summary>
/// <param name="Type">Its type, as its description has it.</param>
/// <param name="Control">Where actions are sent.</param>
internal sealed record WanService(string Type, Uri Control)
{
    static readonly string[] Known =
    [
        "urn:schemas-upnp-org:service:WANIPConnection:2",
        "urn:schemas-upnp-org:service:WANIPConnection:1",
        "urn:schemas-upnp-org:service:WANPPPConnection:1",
    ];

    /// <summary>How good a type is for us, lowest first; -1: it maps no ports.</summary>
    public static int RankOf(string type) => Array.IndexOf(Known, type);
}
