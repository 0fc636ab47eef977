using System.Net;
using System.Net.Sockets;
using Xunit;

namespace MeshIoT.Coordinator.Tests;

/// <summary>What "--listen :PORT" opens, and how those who come in over it are told apart.</summary>
public class ListenTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void A_port_alone_is_reached_by_both_families(string address)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "this kernel has no IPv6");
        using Socket listener = BoundSockets.Bind(ServeValues.EndPoint(":0"));
        listener.Listen();
        using Socket client = new(IPAddress.Parse(address).AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(IPAddress.Parse(address), ((IPEndPoint)listener.LocalEndPoint!).Port);
        Assert.True(client.Connected);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    [InlineData("::1", "::")]
    public void Limits_count_IPv4_by_address_and_IPv6_by_household(string address, string group) =>
        Assert.Equal(IPAddress.Parse(group), RemoteAddress.GroupOf(IPAddress.Parse(address)));
}
