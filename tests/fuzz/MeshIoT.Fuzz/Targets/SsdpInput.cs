using System;
using System.Collections.Generic;
using System.Net;
using MeshIoT.Fuzz.Engine;
using MeshIoT.PortMap.Upnp;

namespace MeshIoT.Fuzz.Targets;

/// <summary>What a router may answer to a search or announce by itself. Only addresses of the gateway itself are believed.</summary>
sealed class SsdpInput : FuzzTarget
{
    static readonly IPAddress Gateway = IPAddress.Parse("192.168.1.1");

    public override string Name => "ssdp";

    public override IEnumerable<byte[]> Seeds =>
    [
        Fixed.Ascii("HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nBOOTID.UPNP.ORG: 7\r\nLOCATION: http://192.168.1.1:5000/d.xml\r\n\r\n"),
        Fixed.Ascii("NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nNTS: ssdp:alive\r\nNT: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\nBOOTID.UPNP.ORG: 3\r\nLOCATION: http://192.168.1.1/\r\n\r\n"),
    ];

    public override void Run(byte[] input)
    {
        if (Ssdp.TryReadAnswer(input, Gateway, out Uri? location))
        {
            Promise(location!.Host == "192.168.1.1" && location.Scheme == "http", "an address that is not the gateway's");
        }

        Ssdp.TryReadNotice(input, out _);
        Ssdp.BootOf(input);
    }
}
