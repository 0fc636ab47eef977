using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using MeshIoT.Crypto;

namespace MeshIoT.PortMap.Tests;

/// <summary>A home router on a virtual clock, with a mapper behind it; everything that goes over the wire is kept.</summary>
sealed class FakeGateway
{
    public static readonly IPAddress Address = IPAddress.Parse("192.168.1.1"), Host = IPAddress.Parse("192.168.1.20");
    static readonly byte[] Nonce = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

    readonly Dictionary<ushort, (string Kind, uint Lifetime)> table = [];
    long bootedMs = -1000;

    public FakeGateway() => Mapper = new PortMapper(Nonce, new CountingRandom());

    public PortMapper Mapper { get; }

    public long NowMs { get; private set; } = 5_000_000;

    public bool NatPmp { get; set; }

    public bool Pcp { get; set; }

    public bool Upnp { get; set; }

    /// <summary>Answers nothing at all any more.</summary>
    public bool Deaf { get; set; }

    public IPAddress External { get; set; } = IPAddress.Parse("45.66.77.88");

    public byte PcpResult { get; set; }

    public ushort NatPmpResult { get; set; }

    /// <summary>UPnP error for an AddPortMapping, by (external port, lease); 0: none.</summary>
    public Func<ushort, uint, int> UpnpError { get; set; } = static (_, _) => 0;

    /// <summary>Asked for 7200, gives this.</summary>
    public uint Lifetime { get; set; } = 7200;

    public string DescriptionUrl { get; set; } = "http://192.168.1.1:5000/rootDesc.xml";

    public string ControlUrl { get; set; } = "/ctl/IPConn";

    public string ServiceType { get; set; } = "urn:schemas-upnp-org:service:WANIPConnection:1";

    /// <summary>External port to (protocol, lifetime).</summary>
    public IReadOnlyDictionary<ushort, (string Kind, uint Lifetime)> Table => table;

    public List<PortMapSend> Sent { get; } = [];

    public uint Epoch => (uint)((NowMs - bootedMs) / 1000);

    public void Enter(ushort port = 41641)
    {
        Mapper.UseNetwork(new PortMapNetwork(Address, Host, port), NowMs);
        Pump();
    }

    public void Advance(TimeSpan by)
    {
        for (long end = NowMs + (long)by.TotalMilliseconds; NowMs < end;)
        {
            NowMs = Math.Min(end, Math.Max(NowMs + 1, Mapper.NextWakeMs));
            if (NowMs >= Mapper.NextWakeMs)
            {
                Mapper.Tick(NowMs);
            }

            Pump();
        }
    }

    public void Reboot()
    {
        table.Clear();
        bootedMs = NowMs;
    }

    public void Deliver(byte[] datagram, int port = 5351, IPAddress? from = null)
    {
        Mapper.Receive(datagram, new IPEndPoint(from ?? Address, port), NowMs);
        Pump();
    }

    /// <summary>Answers what the mapper sends until it sends no more.</summary>
    public void Pump()
    {
        while (Mapper.TryTake(out PortMapSend? message))
        {
            Sent.Add(message!);
            switch (message)
            {
                case PortMapDatagram { To: var to, Payload: var payload } when !Deaf && to.Address.Equals(Address):
                    AnswerDatagram(to.Port, payload);
                    break;
                case PortMapHttp http:
                    (int status, byte[] body) = Deaf || !Upnp ? (0, []) : AnswerHttp(http);
                    Mapper.HttpAnswered(http.Id, status, body, NowMs);
                    break;
            }
        }
    }

    public byte[] NatPmpAddress(ushort result = 0)
    {
        byte[] answer = new byte[12];
        answer[1] = 0x80;
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(2), result);
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(4), Epoch);
        External.TryWriteBytes(answer.AsSpan(8), out _);
        return answer;
    }

    public byte[] PcpAnnounce()
    {
        byte[] answer = new byte[24];
        answer[0] = 2;
        answer[1] = 0x80;
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(8), Epoch);
        return answer;
    }

    public static byte[] Notice(string kind, int boot) => Encoding.ASCII.GetBytes(
        "NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nNT: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\n"
        + $"NTS: {kind}\r\nBOOTID.UPNP.ORG: {boot}\r\n\r\n");

    void AnswerDatagram(int port, byte[] q)
    {
        if (port == 1900 && Upnp)
        {
            Mapper.Receive(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nLocation: {DescriptionUrl}\r\n\r\n"), new IPEndPoint(Address, 1900), NowMs);
        }
        else if (port == 5351 && q[0] == 0 && NatPmp)
        {
            Mapper.Receive(q.Length == 2 ? NatPmpAddress() : NatPmpMap(q), new IPEndPoint(Address, 5351), NowMs);
        }
        else if (port == 5351 && q[0] == 2 && Pcp)
        {
            Mapper.Receive(q[1] == 0 ? PcpAnnounce() : PcpMap(q), new IPEndPoint(Address, 5351), NowMs);
        }
    }

    byte[] NatPmpMap(byte[] q)
    {
        ushort external = BinaryPrimitives.ReadUInt16BigEndian(q.AsSpan(6));
        uint wish = BinaryPrimitives.ReadUInt32BigEndian(q.AsSpan(8)), lifetime = wish == 0 ? 0 : Lifetime;
        Note("pmp", external, wish == 0, lifetime, NatPmpResult == 0);
        byte[] answer = new byte[16];
        answer[1] = 0x81;
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(2), NatPmpResult);
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(4), Epoch);
        q.AsSpan(4, 4).CopyTo(answer.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(12), lifetime);
        return answer;
    }

    byte[] PcpMap(byte[] q)
    {
        ushort external = BinaryPrimitives.ReadUInt16BigEndian(q.AsSpan(42));
        uint wish = BinaryPrimitives.ReadUInt32BigEndian(q.AsSpan(4)), lifetime = wish == 0 ? 0 : Lifetime;
        Note("pcp", external, wish == 0, lifetime, PcpResult == 0);
        byte[] answer = (byte[])q.Clone();
        answer[1] = 0x81;
        answer[3] = PcpResult;
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(4), lifetime);
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(8), Epoch);
        answer.AsSpan(12, 12).Clear();
        answer.AsSpan(44, 10).Clear();
        answer[54] = answer[55] = 0xff;
        External.TryWriteBytes(answer.AsSpan(56), out _);
        return answer;
    }

    void Note(string kind, ushort external, bool delete, uint lifetime, bool good)
    {
        if (delete)
        {
            foreach (ushort port in table.Where(e => e.Value.Kind == kind).Select(e => e.Key).ToArray())
            {
                table.Remove(port);
            }
        }
        else if (good)
        {
            table[external] = (kind, lifetime);
        }
    }

    (int Status, byte[] Body) AnswerHttp(PortMapHttp http)
    {
        if (http.Body is null)
        {
            return (200, Encoding.ASCII.GetBytes($"""
                <?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><device><deviceList><device><serviceList>
                <service><serviceType>urn:schemas-upnp-org:service:Layer3Forwarding:1</serviceType><controlURL>/ctl/L3F</controlURL></service>
                <service><serviceType>{ServiceType}</serviceType><controlURL>{ControlUrl}</controlURL></service>
                </serviceList></device></deviceList></device></root>
                """));
        }

        string action = http.SoapAction![(http.SoapAction!.IndexOf('#', StringComparison.Ordinal) + 1)..];
        string q = Encoding.ASCII.GetString(http.Body);
        if (action == "GetExternalIPAddress")
        {
            return Soap(action, $"<NewExternalIPAddress>{External}</NewExternalIPAddress>");
        }

        ushort external = ushort.Parse(Regex.Match(q, "<NewExternalPort>(\\d+)<").Groups[1].Value);
        if (action == "DeletePortMapping")
        {
            table.Remove(external);
            return Soap(action, string.Empty);
        }

        uint lease = uint.Parse(Regex.Match(q, "<NewLeaseDuration>(\\d+)<").Groups[1].Value);
        if (UpnpError(external, lease) is not 0 and int error)
        {
            return (500, Encoding.ASCII.GetBytes("<s:Envelope xmlns:s=\"x\"><s:Body><s:Fault><detail><UPnPError>"
                + $"<errorCode>{error}</errorCode></UPnPError></detail></s:Fault></s:Body></s:Envelope>"));
        }

        table[external] = ("upnp", lease);
        return Soap(action, string.Empty);
    }

    static (int Status, byte[] Body) Soap(string action, string inner) => (200, Encoding.ASCII.GetBytes(
        $"<?xml version=\"1.0\"?>\r\n<s:Envelope xmlns:s=\"x\"><s:Body><u:{action}Response xmlns:u=\"y\">{inner}</u:{action}Response></s:Body></s:Envelope>"));

    sealed class CountingRandom : RandomSource
    {
        byte next;

        public override void Fill(byte[] buffer, int offset, int length)
        {
            for (int i = 0; i < length; i++)
            {
                buffer[offset + i] = ++next;
            }
        }
    }
}
