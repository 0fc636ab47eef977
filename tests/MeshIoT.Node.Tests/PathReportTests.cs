using System;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using MeshIoT.Health;
using Xunit;

namespace MeshIoT.Node.Tests;

/// <summary>How a peer is reached, in the words of the public API. Real nodes on loopback.</summary>
public sealed class PathReportTests
{
    [Fact]
    public async Task A_peer_that_nobody_talks_to_has_endpoints_and_no_path()
    {
        await using TestNodes nodes = new();
        (TailnetNode gateway, TailnetNode reader) = await nodes.JoinTwoAsync();
        PathReport report = await gateway.PathAsync("reader", nodes.Limit);
        Assert.Equal(PathReason.Idle, report.Reason);
        Assert.Null(report.Direct);
        Assert.Null(report.LastHandshake);
        Assert.Equal(reader.Status.UdpPort, report.Candidates.Single().Endpoint.Port);
        Assert.True(report.Candidates[0] is { IsListed: true, IsChosen: false, PingedAgo: null, AnsweredAgo: null });
        Assert.Equal(50, report.Candidates[0].Nearness);
    }

    [Fact]
    public async Task After_a_ping_the_report_says_which_endpoint_and_why()
    {
        await using TestNodes nodes = new();
        (TailnetNode gateway, TailnetNode reader) = await nodes.JoinTwoAsync();
        PingReply reply = await PingAsync(reader, nodes);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, gateway.Status.UdpPort), reply.Endpoint);
        Assert.Equal((PingKind.Disco, true, 0), (reply.Kind, reply.IsDirect, reply.RelayRegion));
        PathReport report = await reader.PathAsync("100.64.0.1", nodes.Limit);
        Assert.Equal("gateway.tail.example", report.Name);
        Assert.Equal(PathReason.Only, report.Reason);
        Assert.Equal(reply.Endpoint, report.Direct);
        Assert.InRange(report.TrustLeft!.Value.TotalMilliseconds, 0, 6_500);
        Assert.True(report.Candidates.Single(static candidate => candidate.IsChosen) is { AnsweredAgo: not null, Latency: not null });
        Assert.StartsWith("discokey:", report.DiscoKey, StringComparison.Ordinal);
    }

    // One that comes before the gateway's engine has heard of the reader is lost, and a ping is sent once.
    static async Task<PingReply> PingAsync(TailnetNode reader, TestNodes nodes)
    {
        for (int left = 5; ; left--)
        {
            try
            {
                return await reader.PingAsync("gateway", PingKind.Disco, TimeSpan.FromSeconds(4), nodes.Limit);
            }
            catch (FaultException e) when (left > 0 && e.Report.Fault.Code == "ping-timed-out")
            {
            }
        }
    }

    [Fact]
    public async Task A_tsmp_ping_crosses_a_filter_that_lets_nothing_in()
    {
        await using TestNodes nodes = new();
        nodes.Tailnet.Filter = [];
        (TailnetNode gateway, TailnetNode reader) = await nodes.JoinTwoAsync();
        FaultException silent = await Assert.ThrowsAsync<FaultException>(
            () => reader.PingAsync("gateway", PingKind.Icmp, TimeSpan.FromSeconds(2), nodes.Limit));
        Assert.Equal("ping-timed-out", silent.Report.Fault.Code);
        foreach (string target in (string[])["gateway", "fd7a:115c:a1e0::1"])
        {
            PingReply reply = await reader.PingAsync(target, PingKind.Tsmp, TimeSpan.FromSeconds(20), nodes.Limit);
            Assert.Equal((PingKind.Tsmp, gateway.Status.UdpPort, 0), (reply.Kind, reply.Endpoint!.Port, reply.PeerApiPort));
        }

        PeerStatus peer = reader.Status.Peers[0];
        Assert.True(peer.Active);
        Assert.NotNull(peer.LastReceived);
        Assert.StartsWith("direct ", peer.Path, StringComparison.Ordinal);
        Assert.NotNull((await reader.PathAsync("gateway", nodes.Limit)).LastHandshake);
    }

    [Fact]
    public async Task Unknown_names_and_nodes_outside_a_tailnet_are_told()
    {
        await using TestNodes nodes = new();
        TailnetNode alone = await nodes.StartAsync("alone");
        Assert.Equal("not-in-tailnet", await CodeAsync(alone, "x"));
        (_, TailnetNode reader) = await nodes.JoinTwoAsync();
        Assert.Equal("no-such-node", await CodeAsync(reader, "boiler"));
        Assert.Equal("no-such-node", await CodeAsync(reader, ""));
        Assert.Equal("node-is-self", await CodeAsync(reader, "reader"));

        async Task<string> CodeAsync(TailnetNode node, string name) =>
            (await Assert.ThrowsAsync<FaultException>(() => node.PathAsync(name, nodes.Limit))).Report.Fault.Code;
    }
}
