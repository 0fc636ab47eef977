using MeshIoT.NetStack;

namespace MeshIoT.Interop;

/// <summary>Sends every datagram back to where it came from. RFC 862.</summary>
internal sealed class UdpEcho : SocketObserver
{
    public const int Port = 7;
    readonly byte[] buffer = new byte[65536];
    readonly UdpSource source = new();

    public override void Changed(TcpSocket socket)
    {
    }

    public override void Changed(UdpSocket socket)
    {
        int length;
        while ((length = socket.ReceiveFrom(buffer, 0, buffer.Length, source)) >= 0)
        {
            socket.SendTo(buffer, 0, length, source.Address, source.Port, source.LocalAddress);
        }
    }
}
