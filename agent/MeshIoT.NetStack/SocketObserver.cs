namespace MeshIoT.NetStack;

/// <summary>
/// Told that something about a socket changed: state, data to read, room to send, an error, a connection to accept.
/// Called at the end of <see cref="NetStack.Input"/> and <see cref="NetStack.Poll"/>; it may call any socket method.
/// </summary>
public abstract class SocketObserver
{
    /// <summary>A TCP socket changed; for a listener's observer also: this one can be accepted.</summary>
    public abstract void Changed(TcpSocket socket);

    /// <summary>A UDP socket has a datagram to read.</summary>
    public abstract void Changed(UdpSocket socket);
}
