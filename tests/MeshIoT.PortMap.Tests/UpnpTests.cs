using System;
using System.Linq;
using System.Net;
using System.Text;
using MeshIoT.PortMap.Upnp;
using Xunit;

namespace MeshIoT.PortMap.Tests;

public class UpnpTests
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    static FakeGateway Gateway(Func<ushort, uint, int>? error = null) => new() { Upnp = true, UpnpError = error ?? ((_, _) => 0) };

    static FakeGateway Asked(FakeGateway gateway)
    {
        gateway.Enter();
        gateway.Advance(5 * Second);
        return gateway;
    }

    [Fact]
    public void A_port_that_is_taken_leads_to_another_one()
    {
        FakeGateway gateway = Asked(Gateway((port, _) => port == 41641 ? 718 : 0));
        Assert.InRange(gateway.Mapper.Current!.External.Port, 49152, 65535);
        Assert.Equal([(ushort)gateway.Mapper.Current.External.Port], gateway.Table.Keys);
    }

    [Fact]
    public void A_router_where_every_port_is_taken_is_not_asked_for_ever()
    {
        FakeGateway gateway = Asked(Gateway((_, _) => 718));
        Assert.Null(gateway.Mapper.Current);
        Assert.InRange(gateway.Sent.OfType<PortMapHttp>().Count(), 1, 8);
    }

    [Theory]
    [InlineData(725)]
    [InlineData(402)]
    public void A_router_that_knows_only_permanent_leases_gets_one_and_has_it_taken_back(int error)
    {
        FakeGateway gateway = Asked(Gateway((_, lease) => lease != 0 ? error : 0));
        Assert.Equal(0u, gateway.Table[41641].Lifetime);
        Assert.Equal(PortMappingKind.Upnp, gateway.Mapper.Current?.Kind);
        gateway.Mapper.Stop();
        gateway.Pump();
        Assert.Empty(gateway.Table);
    }

    [Theory]
    [InlineData("urn:schemas-upnp-org:service:WANIPConnection:1", true)]
    [InlineData("urn:schemas-upnp-org:service:WANIPConnection:2", true)]
    [InlineData("urn:schemas-upnp-org:service:WANPPPConnection:1", true)]
    [InlineData("urn:schemas-upnp-org:service:WANCommonInterfaceConfig:1", false)]
    public void Services_that_map_ports_are_used_and_no_others(string type, bool used)
    {
        FakeGateway gateway = Gateway();
        gateway.ServiceType = type;
        Assert.Equal(used, Asked(gateway).Mapper.Current is not null);
        Assert.Equal(used ? null : PortMapTroubleKind.Refused, gateway.Mapper.Trouble?.Kind);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080/x")]
    [InlineData("http://192.168.1.2:5000/rootDesc.xml")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://192.168.1.1@10.0.0.1/")]
    [InlineData("http://localhost/")]
    [InlineData("http://[::ffff:192.168.1.1]/")]
    [InlineData("http://192.168.1.1.evil.example/")]
    [InlineData("https://192.168.1.1/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://192.168.1.1/")]
    [InlineData("http://192.168.1.1:0/")]
    [InlineData("//10.0.0.1/x")]
    [InlineData("http:")]
    public void A_description_elsewhere_than_at_the_gateway_is_never_fetched(string location)
    {
        FakeGateway gateway = Gateway();
        gateway.DescriptionUrl = location;
        Asked(gateway);
        Assert.Empty(gateway.Sent.OfType<PortMapHttp>());
        Assert.Null(gateway.Mapper.Current);
    }

    [Theory]
    [InlineData("http://10.9.9.9/ctl")]
    [InlineData("//10.9.9.9/ctl")]
    [InlineData("https://192.168.1.1/ctl")]
    public void A_control_address_elsewhere_than_at_the_gateway_is_never_asked(string control)
    {
        FakeGateway gateway = Gateway();
        gateway.ControlUrl = control;
        Asked(gateway);
        Assert.All(gateway.Sent.OfType<PortMapHttp>(), http => Assert.Equal("192.168.1.1", http.Url.Host));
        Assert.Null(gateway.Mapper.Current);
    }

    [Fact]
    public void A_control_address_is_taken_relative_to_the_description()
    {
        FakeGateway gateway = Gateway();
        gateway.ControlUrl = "upnp/control?WANIPConn1";
        Asked(gateway);
        Assert.Contains(gateway.Sent, m => m is PortMapHttp { Body: not null } http && http.Url.ToString() == "http://192.168.1.1:5000/upnp/control?WANIPConn1");
    }

    [Fact]
    public void The_best_service_comes_first_and_no_more_than_four_are_kept()
    {
        StringBuilder text = new("<root>");
        for (int i = 0; i < 3; i++)
        {
            text.Append($"<service><serviceType>urn:schemas-upnp-org:service:WANPPPConnection:1</serviceType><controlURL>/p{i}</controlURL></service>");
        }

        text.Append("<service><serviceType>urn:schemas-upnp-org:service:WANIPConnection:2</serviceType><controlURL>/best</controlURL></service>");
        text.Append("<service><serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType><controlURL>/five</controlURL></service></root>");
        var services = GatewayDescription.Read(Encoding.ASCII.GetBytes(text.ToString()), new Uri("http://192.168.1.1:80/d"), FakeGateway.Address);
        Assert.Equal(4, services.Count);
        Assert.Equal("/best", services[0].Control.AbsolutePath);
    }

    [Theory]
    [InlineData("45.1.2.3", "45.1.2.3")]
    [InlineData("1", null)]
    [InlineData("0x2d010203", null)]
    [InlineData("::1", null)]
    [InlineData("", null)]
    [InlineData("45.1.2.3 &amp;", null)]
    public void An_outside_address_is_four_numbers_or_nothing(string text, string? address)
    {
        byte[] body = Encoding.ASCII.GetBytes($"<e><u:GetExternalIPAddressResponse xmlns:u='a'><NewExternalIPAddress>{text}</NewExternalIPAddress></u:GetExternalIPAddressResponse></e>");
        SoapReply reply = SoapReply.Read(200, body, SoapAction.GetExternalIPAddress);
        Assert.True(reply.Done);
        Assert.Equal(address, reply.Address?.ToString());
        Assert.False(SoapReply.Read(500, body, SoapAction.GetExternalIPAddress).Done);
        Assert.False(SoapReply.Read(200, body, SoapAction.AddPortMapping).Done);
    }

    [Fact]
    public void Flipped_bits_and_cuts_in_what_a_router_says_never_throw_and_name_no_other_host()
    {
        string description = "<root><URLBase>http://192.168.1.1:5000/</URLBase><device><serviceList><service><serviceType>urn:schemas-upnp-org:service:WANIPConnection:1"
            + "</serviceType><controlURL>/ctl/IPConn</controlURL></service></serviceList></device></root>";
        string answer = "<s:Envelope><s:Body><u:R><NewExternalIPAddress>45.66.77.88</NewExternalIPAddress><errorCode>725</errorCode></u:R></s:Body></s:Envelope>";
        foreach (string whole in new[] { description, answer })
        {
            byte[] valid = Encoding.ASCII.GetBytes(whole);
            for (int bit = 0; bit < valid.Length * 8; bit++)
            {
                byte[] flipped = (byte[])valid.Clone();
                flipped[bit / 8] ^= (byte)(1 << (bit % 8));
                foreach (byte[] bytes in new[] { flipped, valid[..(bit / 8)] })
                {
                    SoapReply.Read(200, bytes, SoapAction.GetExternalIPAddress);
                    SoapReply.Read(500, bytes, SoapAction.AddPortMapping);
                    Assert.All(GatewayDescription.Read(bytes, new Uri("http://192.168.1.1:5000/d"), FakeGateway.Address), static s => Assert.Equal("192.168.1.1", s.Control.Host));
                }
            }
        }
    }
}
