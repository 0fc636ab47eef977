using System;
using System.Collections.Generic;
using System.Net;
using MeshIoT.Fuzz.Engine;
using MeshIoT.PortMap;

namespace MeshIoT.Fuzz.Targets;

/// <summary>A whole mapper whose router says anything, in any order: the input is cut into messages by its own bytes. What it sends stays bounded.</summary>
sealed class MapperInput : FuzzTarget
{
    static readonly IPAddress Gateway = IPAddress.Parse("192.168.1.1");

    public override string Name => "port-mapper";

    public override int BytesPerByte => 4096;

    public override IEnumerable<byte[]> Seeds =>
    [
        [12, .. Convert.FromHexString("00800000000000642D424D58"), 16, .. Convert.FromHexString("0081000000000064A2A9C35000001C20")],
        [24, 2, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, .. new byte[12], 200, 0],
        [103, .. Fixed.Ascii("HTTP/1.1 200 OK\r\nST: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\nLOCATION: http://192.168.1.1/\r\n\r\n")],
    ];

    public override void Run(byte[] input)
    {
        PortMapper mapper = new(Fixed.Bytes(1, 12), Fixed.Random(4));
        long nowMs = 5_000_000, sent = 0;
        mapper.UseNetwork(new PortMapNetwork(Gateway, IPAddress.Parse("192.168.1.20"), 41641), nowMs);
        for (int at = 0; at < input.Length;)
        {
            int length = Math.Min(input[at++] % 150, input.Length - at);
            ReadOnlySpan<byte> message = input.AsSpan(at, length);
            at += length;
            nowMs += 1 + (length * 20);
            if (message.Length > 0 && message[0] == '<')
            {
                mapper.HttpAnswered(message.Length % 4, message.Length % 2 == 0 ? 200 : 500, message, nowMs);
            }
            else
            {
                mapper.Receive(message, new IPEndPoint(Gateway, message.Length > 60 ? 1900 : 5351), nowMs);
            }

            mapper.Tick(nowMs);
            while (mapper.TryTake(out _))
            {
                sent++;
            }
        }

        Promise(sent < 64 + (input.Length * 8), "messages without end");
    }
}
