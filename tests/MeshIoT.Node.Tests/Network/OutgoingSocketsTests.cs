using System.Net;
using System.Net.Sockets;
using MeshIoT.Node.Network;
using Xunit;

namespace MeshIoT.Node.Tests.Network;

/// <summary>Connections end with the address they were made from, and no others.</summary>
public class OutgoingSocketsTests
{
    [Fact]
    public void Those_from_an_address_that_is_gone_end_and_the_others_stay()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        OutgoingSockets sockets = new();
        using Socket stays = From("127.0.0.1"), goes = From("127.0.0.2"), never = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
        sockets.Add(never);
        Assert.Equal(0, sockets.End([IPAddress.Parse("192.0.2.1"), IPAddress.IPv6Loopback]));
        Assert.Equal(1, sockets.End([IPAddress.Parse("127.0.0.2")]));
        Assert.True(goes.SafeHandle.IsClosed);
        Assert.Equal(0, sockets.End([IPAddress.Parse("127.0.0.2")]));
        Assert.Equal(1, stays.Send([1]));

        Socket From(string address)
        {
            // As HTTP's own sockets are: of both families.
            Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
            sockets.Add(socket);
            socket.Bind(new IPEndPoint(IPAddress.Parse(address).MapToIPv6(), 0));
            socket.Connect(listener.LocalEndPoint!);
            return socket;
        }
    }
}
