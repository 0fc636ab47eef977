using MeshIoT.Crypto;
using Xunit;

namespace MeshIoT.NetStack.Tests;

/// <summary>The example of the project's README, as a program.</summary>
public class ReadmeExampleTests
{
    [Fact]
    public void The_example_sends_a_SYN_and_says_when_it_wants_to_be_polled_again()
    {
        RandomSource random = new SeededRandom(1);
        byte[] peer = Addresses.Left4, request = [1, 2, 3], output = new byte[1280];
        long nowMs = 1000;
        CountingObserver observer = new();

        NetStack stack = new NetStack(random, 1280);
        stack.AddAddress(new byte[] { 100, 64, 0, 2 });
        TcpSocket socket = stack.Connect(null, peer, 80, nowMs, observer);
        socket.Send(request, 0, request.Length, nowMs);

        int packets = 0, length;
        while ((length = stack.Poll(nowMs, output, 0)) > 0)
        {
            packets++;
        }

        long wake = stack.NextWakeMs;
        Assert.Equal((1, 2000L), (packets, wake));
    }
}
