using System;
using System.Collections.Generic;
using System.Net;
using MeshIoT.Fuzz.Engine;
using MeshIoT.PortMap.Upnp;

namespace MeshIoT.Fuzz.Targets;

/// <summary>XML of a router: its description, and its answers to calls.</summary>
sealed class UpnpDocument : FuzzTarget
{
    static readonly IPAddress Gateway = IPAddress.Parse("192.168.1.1");
    static readonly Uri At = new("http://192.168.1.1:5000/d.xml");

    public override string Name => "upnp-xml";

    public override IEnumerable<byte[]> Seeds =>
    [
        Fixed.Ascii("<?xml version=\"1.0\"?><root xmlns=\"urn:schemas-upnp-org:device-1-0\"><URLBase>http://192.168.1.1:5000/</URLBase><device><deviceList><device><serviceList><service><serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType><controlURL>/ctl/IPConn</controlURL></service></serviceList></device></deviceList></device></root>"),
        Fixed.Ascii("<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><u:GetExternalIPAddressResponse><NewExternalIPAddress>45.66.77.88</NewExternalIPAddress></u:GetExternalIPAddressResponse></s:Body></s:Envelope>"),
        Fixed.Ascii("<s:Envelope><s:Body><s:Fault><detail><UPnPError><errorCode>725</errorCode></UPnPError></detail></s:Fault></s:Body></s:Envelope>"),
        Fixed.Ascii("<a><!-- x --><![CDATA[<b>]]>&lt;&#65;&#x42;</a>"),
    ];

    public override void Run(byte[] input)
    {
        foreach (WanService service in GatewayDescription.Read(input, At, Gateway))
        {
            Promise(service.Control.Host == "192.168.1.1", "a service that is not the gateway's");
        }

        SoapReply.Read(200, input, SoapAction.GetExternalIPAddress);
        SoapReply.Read(500, input, SoapAction.AddPortMapping);
    }
}
