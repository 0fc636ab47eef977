using System;
using System.Linq;
using System.Net;
using System.Text.Json;
using MeshIoT.LocalApi;
using MeshIoT.Node;
using MeshIoT.Paths.Endpoints;
using MeshIoT.Paths.NetCheck;
using MeshIoT.Tailcfg;
using Xunit;

namespace MeshIoT.Web.Tests;

/// <summary>The network a node is on, in the LocalAPI's words.</summary>
public class NetworkMappingTests
{
    static readonly NetCheckReport Report = new()
    {
        At = new(2026, 11, 25, 9, 0, 0, TimeSpan.Zero), Udp = true, IPv4 = true, GlobalV4 = [IPEndPoint.Parse("203.0.113.7:40001")],
        MappingVariesByDestIP = true, UPnP = false, Pmp = true, HavePortMap = true, PreferredDerp = 901,
        Regions =
        [
            new(900, "far", "Far away") { V4 = TimeSpan.FromMilliseconds(120.4) },
            new(901, "mesh", "Our cellar") { V4 = TimeSpan.FromMilliseconds(9.25), V6 = TimeSpan.FromMilliseconds(8) },
            new(902, "mute", "Silent"),
        ],
    };

    [Fact]
    public void The_nearest_relay_comes_first_and_the_silent_one_last()
    {
        NetCheckDto dto = NetworkMapping.ToDto(Report);
        Assert.Equal(["mesh", "far", "mute"], dto.Regions.Select(static region => region.Code));
        Assert.Equal((901, "mesh", "Our cellar"), (dto.Nearest!.Region, dto.Nearest.Code, dto.Nearest.Name));
        Assert.Equal((8.0, 9.25, 8.0), (dto.Regions[0].Latency, dto.Regions[0].V4, dto.Regions[0].V6));
        Assert.Null(dto.Regions[2].Latency);
        Assert.Equal("203.0.113.7:40001", dto.GlobalV4.Single());
        Assert.True(dto is { Udp: true, Ipv4: true, Ipv6: false, MappingVariesByDestIp: true });
        Assert.True(dto.PortMapping is { Held: true, NatPmp: true, Upnp: false, Pcp: null });
    }

    [Fact]
    public void Without_an_answer_there_is_no_nearest_relay_and_a_home_keeps_its_number()
    {
        NetCheckDto dto = NetworkMapping.ToDto(new NetCheckReport { PreferredDerp = 905, Regions = [new(900, "far", "")] });
        Assert.Null(dto.Nearest);
        Assert.Equal((905, "905"), (dto.Home!.Region, dto.Home.Code));
        Assert.Null(dto.MappingVariesByDestIp);
    }

    [Fact]
    public void Names_on_the_wire_stay()
    {
        JsonElement root = JsonDocument.Parse(JsonSerializer.Serialize(NetworkMapping.ToDto(Report), LocalApiJson.Default.NetCheckDto)).RootElement;
        foreach (string name in (string[])["at", "udp", "ipv4", "ipv6", "globalV4", "mappingVariesByDestIp", "portMapping", "nearest", "home", "regions"])
        {
            Assert.True(root.TryGetProperty(name, out _), name);
        }

        Assert.Equal(8, root.GetProperty("regions")[0].GetProperty("latency").GetDouble());
    }

    [Fact]
    public void The_status_names_the_home_relay_and_where_each_endpoint_comes_from()
    {
        NodeStatus status = new()
        {
            BackendState = BackendState.Running, Self = new SelfStatus("a.demo", "a", [IPAddress.Parse("100.64.0.1")], "nodekey:00", []), Peers = [], Health = [],
            UdpPort = 41641, HomeRelay = new RelayStatus(901, "mesh", "", true), NetCheck = Report,
            Endpoints = [new OwnEndpoint(IPEndPoint.Parse("203.0.113.7:40001"), EndpointType.Stun), new OwnEndpoint(IPEndPoint.Parse("10.0.0.2:41641"), EndpointType.Local)],
        };
        NetworkDto dto = NetworkMapping.ToDto(status)!;
        Assert.Equal((41641, "mesh", true, true, true), (dto.UdpPort, dto.HomeRelay!.Code, dto.HomeRelay.Connected, dto.Udp, dto.MappingVariesByDestIp));
        Assert.Equal(["stun", "local"], dto.Endpoints.Select(static own => own.Source));
        Assert.Equal("203.0.113.7:40001", dto.Endpoints[0].Endpoint);
        Assert.Null(NetworkMapping.ToDto(status with { Self = status.Self with { Addresses = [] } }));
        Assert.Null(NetworkMapping.ToDto(status with { NetCheck = null })!.Udp);
    }
}
