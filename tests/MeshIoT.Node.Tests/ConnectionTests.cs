using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.Tailcfg;
using Xunit;

namespace MeshIoT.Node.Tests;

/// <summary>Two nodes in one process, over real UDP on loopback.</summary>
public class ConnectionTests
{
    [Fact]
    public async Task Ten_megabytes_by_name_arrive_unchanged_both_ways()
    {
        await using TestNodes nodes = new();
        (TailnetNode gateway, TailnetNode reader) = await nodes.JoinTwoAsync();
        await using TailnetListener listener = gateway.Listen(80);
        byte[] sent = RandomNumberGenerator.GetBytes(10 * 1024 * 1024);

        Task echo = Task.Run(async () =>
        {
            await using TailnetConnection connection = await listener.AcceptAsync(nodes.Limit);
            Assert.Equal(reader.Status.Self.Addresses[0], connection.Remote.Address);
            await connection.Stream.CopyToAsync(connection.Stream, nodes.Limit);
        });

        await using TailnetStream stream = (TailnetStream)await reader.DialAsync("gateway", 80, nodes.Limit);
        Task writing = Task.Run(async () =>
        {
            await stream.WriteAsync(sent, nodes.Limit);
            stream.CloseWrite();
        });
        using MemoryStream received = new();
        await stream.CopyToAsync(received, nodes.Limit);
        await Task.WhenAll(writing, echo);

        Assert.Equal(Convert.ToHexString(SHA256.HashData(sent)), Convert.ToHexString(SHA256.HashData(received.ToArray())));
        PeerStatus peer = Assert.Single(reader.Status.Peers);
        Assert.True(peer.TxBytes > sent.Length && peer.RxBytes > sent.Length, $"{peer.TxBytes} sent, {peer.RxBytes} received");
        Assert.StartsWith("direct 127.0.0.1:", peer.Path);
        Assert.NotNull(peer.LastHandshake);
    }

    [Fact]
    public async Task A_connection_works_over_IPv6_inside()
    {
        await using TestNodes nodes = new();
        (TailnetNode gateway, TailnetNode reader) = await nodes.JoinTwoAsync();
        await using TailnetListener listener = gateway.Listen(8080);
        await using Stream stream = await reader.DialAsync("fd7a:115c:a1e0::1", 8080, nodes.Limit);
        await using TailnetConnection accepted = await listener.AcceptAsync(nodes.Limit);
        Assert.Equal(IPAddress.Parse("fd7a:115c:a1e0::2"), accepted.Remote.Address);
        await accepted.Stream.WriteAsync("21.5"u8.ToArray(), nodes.Limit);
        byte[] reading = new byte[4];
        await stream.ReadExactlyAsync(reading, nodes.Limit);
        Assert.Equal("21.5"u8.ToArray(), reading);
    }

    [Fact]
    public async Task Ping_answers_with_the_peers_address_and_endpoint()
    {
        await using TestNodes nodes = new();
        (TailnetNode gateway, TailnetNode reader) = await nodes.JoinTwoAsync();
        foreach (string target in (string[])["gateway", "GATEWAY.tail.example.", "100.64.0.1", "fd7a:115c:a1e0::1"])
        {
            PingReply reply = await reader.PingAsync(target, TimeSpan.FromSeconds(20), nodes.Limit);
            Assert.Equal("gateway.tail.example", reply.Name);
            Assert.Equal(new IPEndPoint(IPAddress.Loopback, gateway.Status.UdpPort), reply.Endpoint);
            Assert.InRange(reply.RoundTrip.TotalMilliseconds, 0.001, 20000);
        }
    }

    [Fact]
    public async Task The_filter_keeps_out_what_no_rule_lets_in_and_ping_of_an_unknown_name_is_told()
    {
        await using TestNodes nodes = new();
        nodes.Tailnet.Filter = [new FilterRule { SrcIPs = ["100.64.0.2"], DstPorts = [new NetPortRange { IP = "100.64.0.1", Ports = new PortRange(80, 80) }] }];
        (TailnetNode gateway, TailnetNode reader) = await nodes.JoinTwoAsync();
        await using TailnetListener open = gateway.Listen(80), closed = gateway.Listen(81);

        await (await reader.DialAsync("gateway", 80, nodes.Limit)).DisposeAsync();
        using CancellationTokenSource soon = new(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reader.DialAsync("gateway", 81, soon.Token));

        FaultException unknown = await Assert.ThrowsAsync<FaultException>(() => reader.PingAsync("boiler", TimeSpan.FromSeconds(1), nodes.Limit));
        Assert.Equal("no-such-node", unknown.Report.Fault.Code);
    }

    [Fact]
    public async Task A_port_nobody_listens_on_refuses()
    {
        await using TestNodes nodes = new();
        (_, TailnetNode reader) = await nodes.JoinTwoAsync();
        FaultException refused = await Assert.ThrowsAsync<FaultException>(async () => await reader.DialAsync("gateway", 9999, nodes.Limit));
        Assert.Equal("connection-refused", refused.Report.Fault.Code);
    }

    [Fact]
    public async Task A_peer_that_restarts_is_talked_to_again_long_before_the_old_session_dies()
    {
        await using TestNodes nodes = new();
        (TailnetNode gateway, TailnetNode reader) = await nodes.JoinTwoAsync();
        await reader.PingAsync("gateway", TimeSpan.FromSeconds(20), nodes.Limit);

        await nodes.StopAsync(gateway);
        TailnetNode again = await nodes.StartAsync("gateway");
        await nodes.WaitAsync(again, static status => status.BackendState == BackendState.Running);
        await nodes.WaitAsync(reader, status => status.Peers[0].Endpoint?.Port == again.Status.UdpPort);
        PingReply reply = await reader.PingAsync("gateway", TimeSpan.FromSeconds(20), nodes.Limit);
        Assert.Equal(again.Status.UdpPort, reply.Endpoint!.Port);
        Assert.Equal("100.64.0.1", reply.Address.ToString());
    }

    [Fact]
    public async Task A_reader_that_does_not_read_holds_the_writer_back_and_loses_nothing()
    {
        await using TestNodes nodes = new();
        (TailnetNode gateway, TailnetNode reader) = await nodes.JoinTwoAsync();
        await using TailnetListener listener = gateway.Listen(80);
        await using Stream writer = await reader.DialAsync("gateway", 80, nodes.Limit);
        await using TailnetConnection accepted = await listener.AcceptAsync(nodes.Limit);

        byte[] piece = new byte[64 * 1024];
        long written = 0;
        try
        {
            while (true)
            {
                using CancellationTokenSource stalled = new(TimeSpan.FromSeconds(1));
                await writer.WriteAsync(piece, stalled.Token);
                written += piece.Length;
                Assert.True(written < 64 * 1024 * 1024, "the writer was never held back");
            }
        }
        catch (OperationCanceledException)
        {
            // Held back. Part of the last piece went in; the rest did not.
        }

        ((TailnetStream)writer).CloseWrite();
        long read = 0;
        int count;
        while ((count = await accepted.Stream.ReadAsync(piece, nodes.Limit)) > 0)
        {
            read += count;
        }

        Assert.InRange(read, written, written + piece.Length);
    }

    [Fact]
    public async Task Half_closed_means_the_other_half_works()
    {
        await using TestNodes nodes = new();
        (TailnetNode gateway, TailnetNode reader) = await nodes.JoinTwoAsync();
        await using TailnetListener listener = gateway.Listen(80);
        await using TailnetStream stream = (TailnetStream)await reader.DialAsync("gateway", 80, nodes.Limit);
        await using TailnetConnection accepted = await listener.AcceptAsync(nodes.Limit);

        stream.CloseWrite();
        Assert.Equal(0, await accepted.Stream.ReadAsync(new byte[1], nodes.Limit));
        await accepted.Stream.WriteAsync("still here"u8.ToArray(), nodes.Limit);
        accepted.Dispose();
        using StreamReader text = new(stream);
        Assert.Equal("still here", await text.ReadToEndAsync(nodes.Limit));
    }

    [Fact]
    public async Task A_read_can_be_cancelled_and_the_connection_lives_on()
    {
        await using TestNodes nodes = new();
        (TailnetNode gateway, TailnetNode reader) = await nodes.JoinTwoAsync();
        await using TailnetListener listener = gateway.Listen(80);
        await using Stream stream = await reader.DialAsync("gateway", 80, nodes.Limit);
        await using TailnetConnection accepted = await listener.AcceptAsync(nodes.Limit);

        byte[] one = new byte[1];
        for (int i = 0; i < 3; i++)
        {
            using CancellationTokenSource soon = new(TimeSpan.FromMilliseconds(20));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await stream.ReadExactlyAsync(one, soon.Token));
        }

        await accepted.Stream.WriteAsync("x"u8.ToArray(), nodes.Limit);
        Assert.Equal(1, await stream.ReadAsync(one, nodes.Limit));
    }

    [Fact]
    public async Task Stopping_a_node_ends_its_connections_listeners_and_waits()
    {
        await using TestNodes nodes = new();
        (TailnetNode gateway, TailnetNode reader) = await nodes.JoinTwoAsync();
        TailnetListener listener = gateway.Listen(80);
        await using Stream stream = await reader.DialAsync("gateway", 80, nodes.Limit);
        TailnetConnection accepted = await listener.AcceptAsync(nodes.Limit);
        Task<int> reading = accepted.Stream.ReadAsync(new byte[1], nodes.Limit).AsTask();

        await nodes.StopAsync(gateway);
        await Assert.ThrowsAnyAsync<IOException>(() => reading);
        await listener.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await listener.AcceptAsync(nodes.Limit));
    }

    [Fact]
    public async Task Names_are_found_in_any_case_short_or_full()
    {
        await using TestNodes nodes = new();
        (_, TailnetNode reader) = await nodes.JoinTwoAsync();
        foreach (string name in (string[])["gateway", "Gateway", "gateway.tail.example", "GATEWAY.TAIL.EXAMPLE."])
        {
            Assert.True(reader.TryResolve(name, out IPAddress? address), name);
            Assert.Equal("100.64.0.1", address.ToString());
        }

        Assert.True(reader.TryResolve("reader", out IPAddress? own));
        Assert.Equal("100.64.0.2", own.ToString());
        Assert.False(reader.TryResolve("boiler", out _));
        Assert.False(reader.TryResolve("gateway.other.example", out _));
    }

    [Fact]
    public async Task A_port_is_listened_on_once()
    {
        await using TestNodes nodes = new();
        TailnetNode gateway = await nodes.JoinAsync("gateway");
        TailnetListener first = gateway.Listen(80);
        FaultException busy = Assert.Throws<FaultException>(() => gateway.Listen(80));
        Assert.Equal("listen-port-in-use", busy.Report.Fault.Code);
        await first.DisposeAsync();
        await gateway.Listen(80).DisposeAsync();
    }
}
