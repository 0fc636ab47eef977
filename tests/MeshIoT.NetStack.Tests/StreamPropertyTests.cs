using Xunit;

namespace MeshIoT.NetStack.Tests;

/// <summary>Whatever the network does, the byte stream arrives exactly once, in order and complete, or the connection says that it failed.</summary>
public class StreamPropertyTests
{
    [Theory]
    [InlineData(0, 0, 0, 0, 0)]
    [InlineData(0.05, 0, 0, 0, 0)]
    [InlineData(0, 0.3, 0, 0, 10)]
    [InlineData(0, 0, 0.05, 0, 0)]
    [InlineData(0, 0, 0, 0.2, 30)]
    [InlineData(0.1, 0.1, 0.05, 0.1, 20)]
    [InlineData(0.3, 0.05, 0.02, 0.1, 5)]
    public void The_stream_arrives_once_in_order_and_complete(double loss, double duplication, double corruption, double reordering, int jitter)
    {
        for (int seed = 1; seed <= 6; seed++)
        {
            FaultInjector faults = new(seed) { Loss = loss, Duplication = duplication, Corruption = corruption, Reordering = reordering, JitterMs = jitter };
            Wire wire = new(faults, seed: seed * 100);
            (TcpSocket client, TcpSocket server) = wire.Connect(ipv6: seed % 2 == 0);
            Transfer up = new(client, server, 150_000, seed), down = new(server, client, 60_000, seed + 7);
            bool done = wire.Run(() => up.Step(wire.NowMs) & down.Step(wire.NowMs), 3_600_000);
            Assert.Null(up.Wrong);
            Assert.Null(down.Wrong);
            Assert.True(done || (client.Error != SocketError.None || server.Error != SocketError.None), $"seed {seed}: {up.Received} and {down.Received} bytes, {client.State} and {server.State} at {wire.NowMs}");
            if (loss < 0.2)
            {
                Assert.True(done, $"seed {seed}: {client.Error} and {server.Error}, {up.Received} and {down.Received} bytes, {client.State} and {server.State} at {wire.NowMs}");
            }
        }
    }
}
