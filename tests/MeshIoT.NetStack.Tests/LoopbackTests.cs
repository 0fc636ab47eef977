using Xunit;

namespace MeshIoT.NetStack.Tests;

/// <summary>A stack talks to itself like to anyone else, and the link sees nothing of it.</summary>
public class LoopbackTests
{
    [Fact]
    public void A_connection_to_an_own_address_never_reaches_the_link()
    {
        Probe probe = new();
        TcpListener listener = probe.Stack.Listen(80, 4, null);
        TcpSocket client = probe.Stack.Connect(null, probe.Self, 80, probe.NowMs, null);
        TcpSocket? server = null;
        Assert.Empty(probe.Wait(100));
        server = listener.Accept();
        Assert.NotNull(server);
        Transfer transfer = new(client, server, 300_000, 1);
        for (int i = 0; i < 1000 && !transfer.Step(probe.NowMs); i++)
        {
            Assert.Empty(probe.Wait(50));
        }

        Assert.Null(transfer.Wrong);
        Assert.Equal(300_000, transfer.Received);
    }

    [Fact]
    public void An_observer_may_use_the_stack_while_it_is_called()
    {
        Probe probe = new();
        Answering answering = new();
        answering.Listener = probe.Stack.Listen(80, 4, answering);
        probe.Send(Probe.Syn, 10, 0);
        Segment answer = probe.One();
        probe.Send(Probe.Ack, 11, answer.Seq + 1, [1, 2, 3]);
        probe.Send(Probe.Fin | Probe.Ack, 14, answer.Seq + 1);
        Assert.Contains(probe.Segments(), s => s.Payload.Length == 3);
        Assert.Equal(1, answering.Accepted);
    }

    /// <summary>Accepts, echoes and releases, all inside the call.</summary>
    sealed class Answering : SocketObserver
    {
        readonly byte[] buffer = new byte[100];

        public TcpListener? Listener { get; set; }

        public int Accepted { get; private set; }

        public override void Changed(TcpSocket socket)
        {
            Accepted += Listener!.Accept() is null ? 0 : 1;
            int got = socket.Receive(buffer, 0, buffer.Length, 1000);
            if (got > 0)
            {
                socket.Send(buffer, 0, got, 1000);
            }
            else if (got < 0)
            {
                socket.Release();
            }
        }

        public override void Changed(UdpSocket socket)
        {
        }
    }
}
