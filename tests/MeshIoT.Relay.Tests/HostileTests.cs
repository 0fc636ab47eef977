using System;
using System.IO;
using System.Net.Sockets;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Derp;
using Xunit;

namespace MeshIoT.Relay.Tests;

/// <summary>Whatever arrives, the relay and its other clients go on, and nothing stays behind.</summary>
public class HostileTests
{
    [Fact]
    public async Task Random_bytes_at_every_step_end_in_nothing_but_closed_connections()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using ScriptedClient one = relay.Join(), other = relay.Join();
        Random random = new(20261125);
        for (int i = 0; i < 200; i++)
        {
            using ScriptedClient bad = i % 4 == 3 ? new(relay.Server.Listening) : relay.Connect();
            byte[] noise = new byte[random.Next(1, 4000)];
            random.NextBytes(noise);
            try
            {
                if (i % 4 == 1)
                {
                    bad.Upgrade();
                }
                else if (i % 4 == 2)
                {
                    bad.Upgrade();
                    bad.Prove(NodePrivateKey.Generate(new SystemRandomSource()));
                }

                bad.Send(noise);
                bad.Send(noise);
            }
            catch (IOException e) when (e.InnerException is SocketException)
            {
                // Closed between the two.
            }

            bad.Break();
        }

        one.SendPacket(other.Key, "unharmed"u8);
        Assert.Equal("unharmed"u8, other.ReceivePacket().Packet);
        await TestRelay.UntilAsync(() => relay.Figure("connections") == 2, "nothing stays behind");
        Assert.Equal(2, relay.Server.Clients);
    }

    [Fact]
    public async Task Flipped_bits_in_a_conversation_harm_nobody_else()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using ScriptedClient victim = relay.Join();
        Random random = new(4);
        for (int i = 0; i < 100; i++)
        {
            using ScriptedClient bad = relay.Join();
            byte[] frame = new byte[DerpFrames.PacketHeaderSize + 200];
            PacketFrame.Write(frame, FrameType.SendPacket, bad.Key, new byte[200]);
            for (int flips = 0; flips < 3; flips++)
            {
                frame[random.Next(40)] ^= (byte)(1 << random.Next(8));
            }

            bad.Send(frame);
            bad.Break();
        }

        await TestRelay.UntilAsync(() => relay.Figure("connections") == 1, "they are gone");
        victim.ExpectNothing();
    }

    [Fact]
    public async Task A_client_that_ends_in_the_middle_of_a_frame_leaves_nothing_behind()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using ScriptedClient receiver = relay.Join(), half = relay.Join();
        half.SendFrame(FrameType.SendPacket, receiver.Key.ToArray(), 1000);
        half.Break();
        await TestRelay.UntilAsync(() => relay.Figure("connections") == 1, "it is gone");
        receiver.ExpectNothing();
    }

    [Fact]
    public async Task A_flood_of_pings_from_one_that_does_not_read_is_bounded_and_does_not_disturb_others()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using ScriptedClient one = relay.Join(), other = relay.Join(), bad = new(relay.Plain, 8 * 1024);
        bad.Upgrade();
        bad.Prove(NodePrivateKey.Generate(new SystemRandomSource()));
        byte[] pings = new byte[13 * 5000];
        for (int i = 0; i < pings.Length; i += 13)
        {
            DerpFrames.WriteHeader(pings.AsSpan(i), FrameType.Ping, 8);
        }

        for (int i = 0; i < 40; i++)
        {
            bad.Send(pings);
        }

        one.SendPacket(other.Key, "unharmed"u8);
        Assert.Equal("unharmed"u8, other.ReceivePacket().Packet);
        await TestRelay.UntilAsync(() => relay.Figure("pings_total") == 200_000, "all are read");
        Assert.Equal(3, relay.Server.Clients);
    }
}
