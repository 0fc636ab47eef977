using System;
using System.Text.Json;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Web.Http;
using Xunit;

namespace MeshIoT.Cli.Tests;

/// <summary>meshiot netcheck, and the network in meshiot status.</summary>
[Collection("console")]
public class NetcheckTests
{
    static readonly NetCheckDto Good = new()
    {
        At = new(2026, 11, 25, 9, 0, 0, TimeSpan.Zero), Udp = true, Ipv4 = true, GlobalV4 = ["203.0.113.7:40001"], MappingVariesByDestIp = false,
        PortMapping = new() { Held = true, Upnp = false, NatPmp = true, Pcp = true }, Nearest = new(901, "mesh") { Name = "Our cellar" }, Home = new(901, "mesh"),
        Regions = [new(901, "mesh", "Our cellar") { Latency = 9.25, V4 = 9.25 }, new(900, "far", "Far away") { Latency = 120.4, Https = 120.4 }, new(902, "mu", "")],
    };

    static FakeAgent Answering(NetCheckDto report) => new(_ => HttpResponse.Json(report, LocalApiJson.Default.NetCheckDto));

    [Fact]
    public async Task The_report_has_a_line_for_each_fact_and_each_relay()
    {
        await using FakeAgent agent = Answering(Good);
        var (code, output, error) = await FakeAgent.RunAsync("netcheck", "--socket", agent.Socket);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(
            "Report:\n\t* Time: 2026-11-25T09:00:00Z\n\t* UDP: true\n\t* IPv4: yes, 203.0.113.7:40001\n\t* IPv6: no\n\t* MappingVariesByDestIP: false\n"
            + "\t* PortMapping: NAT-PMP, PCP, a mapping is in place\n\t* Nearest relay: mesh (Our cellar)\n\t* Relay latency:\n"
            + "\t\t- mesh: 9.3 ms (Our cellar)\n\t\t-  far: 120 ms by HTTPS (Far away)\n\t\t-   mu: no answer\n", output);
        Assert.Equal("POST /localapi/v0/netcheck {}", agent.Asked[0]);
    }

    [Fact]
    public async Task Where_no_relay_answers_it_ends_with_1()
    {
        await using FakeAgent agent = Answering(Good with { Udp = false, Ipv4 = false, Nearest = null, Home = null, MappingVariesByDestIp = null, PortMapping = new(), Regions = [] });
        var (code, output, _) = await FakeAgent.RunAsync("netcheck", "--socket", agent.Socket);
        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("\t* UDP: false\n", output, StringComparison.Ordinal);
        Assert.Contains("\t* MappingVariesByDestIP: not known\n\t* PortMapping: not asked\n\t* Nearest relay: none answers\n\t* Relay latency: the tailnet has no relays\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hard_nat_and_a_home_that_is_not_the_nearest_are_told()
    {
        await using FakeAgent agent = Answering(Good with { MappingVariesByDestIp = true, Home = new(900, "far") { Name = "Far away" }, IgnoredResponses = 3 });
        var (_, output, _) = await FakeAgent.RunAsync("netcheck", "--socket", agent.Socket);
        Assert.Contains("true (hard NAT)", output, StringComparison.Ordinal);
        Assert.Contains("\t* Home relay: far (Far away), not much farther\n\t* Answers not believed: 3\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_json_it_is_the_agents_answer()
    {
        await using FakeAgent agent = Answering(Good);
        var (_, output, _) = await FakeAgent.RunAsync("netcheck", "--json", "--socket", agent.Socket);
        JsonElement root = JsonDocument.Parse(output).RootElement;
        Assert.True(root.GetProperty("udp").GetBoolean());
        Assert.Equal("mesh", root.GetProperty("nearest").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Without_an_agent_it_says_what_to_start()
    {
        var (code, output, error) = await FakeAgent.RunAsync("netcheck", "--socket", "/nonexistent/agent.sock");
        Assert.Equal((ExitCodes.Unreachable, ""), (code, output));
        Assert.StartsWith("meshiot: agent-not-running: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_names_relays_the_network_and_where_peers_look_for_this_node()
    {
        StatusDto status = new()
        {
            BackendState = "Running", Version = "0.1.0", Tun = "userspace",
            Self = new() { Name = "laptop.demo", HostName = "laptop", Addresses = ["100.64.0.2"], Os = "linux", Online = true },
            Network = new()
            {
                UdpPort = 41641, HomeRelay = new(901, "mesh") { Connected = true }, Udp = true, MappingVariesByDestIp = true, PortMapped = true,
                Endpoints = [new("203.0.113.7:40001", "stun"), new("10.0.0.2:41641", "local")],
            },
            Peers =
            [
                new() { Name = "a.demo", HostName = "a", Addresses = ["100.64.0.3"], Os = "linux", Online = true, Active = true, Path = "relay", Relay = "mesh", TxBytes = 1, RxBytes = 2, LastHandshake = DateTimeOffset.UtcNow.AddMinutes(-3) },
                new() { Name = "b.demo", HostName = "b", Addresses = ["100.64.0.4"], Os = "linux", Online = true, Path = "direct", Endpoint = "10.0.0.9:1" },
            ],
            Health = [new("hard-nat", "low", "The NAT gives each destination another port.", "Nothing.")],
        };
        await using FakeAgent agent = new(_ => HttpResponse.Json(status, LocalApiJson.Default.StatusDto));
        var (code, output, _) = await FakeAgent.RunAsync("status", "--socket", agent.Socket);
        Assert.Equal(0, code);
        Assert.Equal(
            "100.64.0.2  laptop  linux  -\n100.64.0.3  a       linux  active; relay \"mesh\", tx 1 rx 2, handshake 3 min ago\n100.64.0.4  b       linux  idle\n\n"
            + "# Network: home relay mesh, UDP gets through, hard NAT, port mapped at the router\n#     - 203.0.113.7:40001 (stun)\n#     - 10.0.0.2:41641 (local)\n\n"
            + "# Health check:\n#     - hard-nat: The NAT gives each destination another port. Next: Nothing.\n", output);
    }
}
