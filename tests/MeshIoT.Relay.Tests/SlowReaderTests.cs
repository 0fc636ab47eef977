using System;
using System.Net;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using Xunit;

namespace MeshIoT.Relay.Tests;

/// <summary>A client that does not read costs itself, and nobody else.</summary>
public class SlowReaderTests
{
    const int PacketSize = 1200, SmallBuffer = 8 * 1024;

    static ScriptedClient JoinSlow(TestRelay relay)
    {
        ScriptedClient slow = new(relay.Plain, SmallBuffer);
        slow.Upgrade();
        slow.Prove(NodePrivateKey.Generate(new SystemRandomSource()));
        return slow;
    }

    // Until packets are dropped: then the kernel's buffers are full, and so are the queues.
    static int Flood(TestRelay relay, ScriptedClient from, NodePublicKey to)
    {
        byte[] packet = new byte[PacketSize];
        int sent = 0;
        while (!relay.Server.MetricsText().Contains("reason=\"queue_head\"} 1", StringComparison.Ordinal) && sent < 100_000)
        {
            for (int i = 0; i < 50; i++)
            {
                BitConverter.TryWriteBytes(packet, sent++);
                from.SendPacket(to, packet);
            }

            from.ExpectNothing();
        }

        return sent;
    }

    [Fact]
    public async Task It_is_closed_when_it_has_taken_nothing_for_two_seconds_and_others_do_not_notice()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using ScriptedClient slow = JoinSlow(relay), fast = relay.Join(), other = relay.Join();
        Flood(relay, fast, slow.Key);
        fast.SendPacket(other.Key, "meanwhile"u8);
        Assert.Equal("meanwhile"u8, other.ReceivePacket().Packet);
        await relay.AdvanceAsync(TimeSpan.FromSeconds(1));
        other.ExpectNothing();
        Assert.Equal(3, relay.Server.Clients);
        await relay.AdvanceAsync(TimeSpan.FromSeconds(2));
        await relay.AdvanceAsync(TimeSpan.FromSeconds(2));
        await TestRelay.UntilAsync(() => relay.Figure("write_timeouts_total") == 1, "it is closed");
        Assert.Equal(2, relay.Server.Clients);
    }

    [Fact]
    public async Task What_is_too_much_drops_at_the_head_so_that_the_newest_arrives()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using ScriptedClient slow = JoinSlow(relay), fast = relay.Join();
        int sent = Flood(relay, fast, slow.Key), last = -1, received = 0;
        while (last != sent - 1)
        {
            int number = BitConverter.ToInt32(slow.ReceivePacket().Packet);
            Assert.True(number > last, "packets change places");
            (last, received) = (number, received + 1);
        }

        Assert.True(received < sent, "nothing was dropped");
        slow.ExpectNothing();
    }

    [Fact]
    public async Task A_reader_that_takes_a_little_now_and_then_stays()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using ScriptedClient slow = JoinSlow(relay), fast = relay.Join();
        Flood(relay, fast, slow.Key);
        for (int i = 0; i < 5; i++)
        {
            // Until the kernel has announced room, and something that waited has left.
            long waiting = relay.Figure("queued_bytes");
            while (relay.Figure("queued_bytes") >= waiting)
            {
                slow.ReceivePacket();
            }

            for (int n = 0; n < 400; n++)
            {
                fast.SendPacket(slow.Key, new byte[PacketSize]);
            }

            fast.ExpectNothing();
            await relay.AdvanceAsync(TimeSpan.FromSeconds(1.5));
        }

        Assert.Equal(0, relay.Figure("write_timeouts_total"));
        Assert.Equal(2, relay.Server.Clients);
    }
}
