using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using CsCheck;
using Xunit;

namespace MeshIoT.Linux.Tests;

/// <summary>Datagrams in groups: whatever goes in comes out, one by one, in order, with its sender. udp(7), UDP_SEGMENT and UDP_GRO.</summary>
public class UdpPortBatchTests
{
    static byte[] Endpoint(UdpPort port, string address = "127.0.0.1")
    {
        byte[] endpoint = new byte[UdpPort.EndpointSize];
        IPAddress.Parse(address).MapToIPv6().TryWriteBytes(endpoint, out _);
        BinaryPrimitives.WriteUInt16BigEndian(endpoint.AsSpan(16), (ushort)port.LocalPort);
        return endpoint;
    }

    static UdpPort Open(bool joins, bool cuts, string bind = "::")
    {
        UdpPort port = UdpPort.Open(IPAddress.Parse(bind), 0);
        port.UseBatches((joins ? Offloads.UdpGro : Offloads.None) | (cuts ? Offloads.UdpGso : Offloads.None));
        return port;
    }

    static List<(byte[] Data, byte[] Source)> ReceiveAll(UdpPort port, int expected)
    {
        List<(byte[], byte[])> got = [];
        byte[] buffer = new byte[9000], source = new byte[UdpPort.EndpointSize];
        using Poller poller = new(port.FileDescriptor);
        for (int tries = 0; got.Count < expected && tries < 200; tries++)
        {
            poller.Wait(100);
            for (int length; (length = port.Receive(buffer, source)) >= 0;)
            {
                got.Add((buffer[..length], (byte[])source.Clone()));
            }
        }

        return got;
    }

    [Theory]
    [InlineData(true, true, "::", "127.0.0.1")]
    [InlineData(true, true, "::", "::1")]
    [InlineData(true, false, "0.0.0.0", "127.0.0.1")]
    [InlineData(false, true, "127.0.0.1", "127.0.0.1")]
    [InlineData(false, false, "::1", "::1")]
    public void Datagrams_of_all_sizes_arrive_whole_and_in_order(bool joins, bool cuts, string bind, string target)
    {
        using UdpPort receiver = Open(joins, cuts, bind), sender = Open(joins, cuts, bind);
        byte[] to = Endpoint(receiver, target), from = Endpoint(sender, target);
        Gen.Int[0, 3].SelectMany(kind => kind switch
        {
            0 => Gen.Int[1, 1400].Select(size => Enumerable.Repeat(size, 7)),
            1 => Gen.Select(Gen.Int[200, 1400], Gen.Int[1, 199]).Select((size, last) => Enumerable.Repeat(size, 5).Append(last)),
            2 => Gen.Const(Enumerable.Repeat(100, 70)),
            _ => Gen.Int[0, 1400].Select(size => Enumerable.Repeat(size, 1)),
        }).Array[1, 6].Sample(runs =>
        {
            List<byte[]> sent = [];
            foreach (int size in runs.SelectMany(r => r))
            {
                byte[] datagram = new byte[size];
                new Random(sent.Count).NextBytes(datagram);
                sent.Add(datagram);
                Assert.True(sender.SendLater(datagram, to));
            }

            sender.Flush();
            List<(byte[] Data, byte[] Source)> got = ReceiveAll(receiver, sent.Count);
            Assert.Equal(sent.Count, got.Count);
            for (int i = 0; i < sent.Count; i++)
            {
                Assert.Equal(sent[i], got[i].Data);
                Assert.Equal(from, got[i].Source);
            }
        }, iter: 40, threads: 1);
        Assert.Equal(0, sender.SendDrops);
        Assert.Equal(cuts, (sender.Offloads & Offloads.UdpGso) != 0);
    }

    [Fact]
    public void A_large_transfer_takes_few_calls()
    {
        using UdpPort receiver = Open(true, true), sender = Open(true, true);
        byte[] to = Endpoint(receiver), datagram = new byte[1312];
        for (int i = 0; i < 64; i++)
        {
            sender.SendLater(datagram, to);
        }

        sender.Flush();
        Assert.Equal(64, ReceiveAll(receiver, 64).Count);
        Assert.Equal(1, sender.Calls.Sends);
        Assert.InRange(receiver.Calls.Receives, 1, 3);
    }

    [Fact]
    public void What_must_not_wait_goes_after_what_waits()
    {
        using UdpPort receiver = Open(true, true), sender = Open(true, true);
        byte[] to = Endpoint(receiver);
        sender.SendLater("first"u8, to);
        Assert.True(sender.Send("second"u8, to));
        Assert.Equal(["first", "second"], ReceiveAll(receiver, 2).Select(g => System.Text.Encoding.ASCII.GetString(g.Data)));
    }

    [Fact]
    public void An_endpoint_that_the_system_refuses_is_known_from_the_next_datagram_on_and_another_one_is_not_disturbed()
    {
        using UdpPort receiver = Open(true, true, "127.0.0.1"), sender = Open(true, true, "127.0.0.1");
        byte[] six = Endpoint(receiver, "2001:db8::1"), to = Endpoint(receiver);
        Assert.True(sender.SendLater("x"u8, six));
        Assert.True(sender.SendLater("y"u8, to));
        sender.Flush();
        Assert.Equal(1, sender.SendDrops);
        Assert.False(sender.SendLater("x"u8, six));
        Assert.True(sender.SendLater("z"u8, to));
        sender.Flush();
        Assert.Equal(2, ReceiveAll(receiver, 2).Count);
    }

    // The way to the peer carries 1280 bytes only: a group of longer ones cannot be cut by the kernel, but goes in fragments.
    [Fact]
    public void Datagrams_that_are_longer_than_the_way_is_wide_go_one_by_one() => Isolation.InNetworkNamespace(() =>
    {
        using (LinkConfig loopback = LinkConfig.Open("lo"))
        {
            loopback.SetMtu(1280);
            loopback.Up();
        }

        using UdpPort receiver = Open(false, true, "127.0.0.1"), sender = Open(false, true, "127.0.0.1");
        byte[] to = Endpoint(receiver), datagram = new byte[1400];
        for (int i = 0; i < 10; i++)
        {
            Assert.True(sender.SendLater(datagram, to));
        }

        sender.Flush();
        Assert.Equal(10, ReceiveAll(receiver, 10).Count);
        Assert.Equal(0, sender.SendDrops);
        Assert.Equal(Offloads.UdpGso, sender.Offloads);
    });

    [Fact]
    public void A_socket_that_was_replaced_joins_again()
    {
        using UdpPort receiver = Open(true, true), sender = Open(true, true);
        Assert.True(receiver.Rebind());
        Assert.Equal(Offloads.UdpGso | Offloads.UdpGro, receiver.Offloads);
        byte[] to = Endpoint(receiver), datagram = new byte[1000];
        for (int i = 0; i < 20; i++)
        {
            sender.SendLater(datagram, to);
        }

        sender.Flush();
        Assert.Equal(20, ReceiveAll(receiver, 20).Count);
        Assert.Equal(1, receiver.Calls.Receives);
    }

    [Fact]
    public void Groups_cost_no_allocation()
    {
        using UdpPort receiver = Open(true, true), sender = Open(true, true);
        byte[] to = Endpoint(receiver), buffer = new byte[1500], source = new byte[UdpPort.EndpointSize];
        long before = 0;
        for (int i = 0; i < 100; i++)
        {
            if (i == 50)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            for (int k = 0; k < 40; k++)
            {
                sender.SendLater(buffer.AsSpan(0, 1312), to);
            }

            sender.Flush();
            while (receiver.Receive(buffer, source) >= 0)
            {
            }
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
