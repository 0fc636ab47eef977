namespace MeshIoT.NetStack.Tests;

internal sealed class CountingObserver : SocketObserver
{
    public int Tcp { get; private set; }

    public int Udp { get; private set; }

    public override void Changed(TcpSocket socket) => Tcp++;

    public override void Changed(UdpSocket socket) => Udp++;
}
