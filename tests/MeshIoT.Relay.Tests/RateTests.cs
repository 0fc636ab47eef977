using System;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Derp;
using Xunit;

namespace MeshIoT.Relay.Tests;

/// <summary>Limits on what clients send: reading pauses, nothing is lost.</summary>
public class RateTests
{
    static async Task PassAsync(RelayLimits limits, bool isTold)
    {
        await using TestRelay relay = await TestRelay.StartAsync(limits);
        using ScriptedClient other = relay.Join(), sender = relay.Connect();
        sender.Upgrade();
        ServerInfo told = sender.Prove(NodePrivateKey.Generate(new SystemRandomSource()));
        Assert.Equal(isTold ? 100_000 : 0, told.TokenBucketBytesPerSecond);
        byte[] packet = new byte[10_000];
        Task sending = Task.Run(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                sender.SendPacket(other.Key, packet);
            }
        });
        Task receiving = Task.Run(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                (FrameType type, _) = other.Receive();
                i -= type == FrameType.RecvPacket ? 0 : 1;
            }
        });
        await TestRelay.UntilAsync(() => relay.Figure("rate_delays_total") > 0, "reading pauses");

        // A megabyte at a tenth of one a second: what is let through before its time is one burst and one read.
        int seconds = 0;
        while (relay.Figure("packets_in_total") < 100)
        {
            Assert.True(relay.Figure("bytes_in_total") <= (seconds * 100_000L) + DerpFrames.LargestHandled + (160 * 1024), $"{relay.Figure("bytes_in_total")} bytes after {seconds} s");
            await relay.AdvanceAsync(TimeSpan.FromSeconds(1));
            seconds++;
            await Task.Delay(5);
        }

        await sending;
        await receiving;
        Assert.True(seconds >= 6, $"a megabyte in {seconds} s");
    }

    [Fact]
    public Task A_client_sends_so_many_bytes_a_second_and_is_told_so() => PassAsync(new RelayLimits { ClientBytesPerSecond = 100_000 }, isTold: true);

    [Fact]
    public Task All_clients_together_send_so_many_bytes_a_second() => PassAsync(new RelayLimits { TotalBytesPerSecond = 100_000 }, isTold: false);
}
