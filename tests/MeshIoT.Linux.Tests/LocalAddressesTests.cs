using System;
using System.Linq;
using System.Net;
using Xunit;

namespace MeshIoT.Linux.Tests;

public class LocalAddressesTests
{
    [Fact]
    public void Loopback_is_listed_only_when_asked_for()
    {
        Assert.Contains(LocalAddresses.List(includeLoopback: true), a => a.Address.Equals(IPAddress.Loopback) && a.IsLoopback && a.PrefixLength == 8);
        Assert.DoesNotContain(LocalAddresses.List(), a => a.IsLoopback);
    }

    [Fact]
    public void The_tunnel_itself_can_be_left_out() => Isolation.InNetworkNamespace(() =>
    {
        using TunDevice tun = TunTests.OpenTun("lat0");
        using LinkConfig link = LinkConfig.Open(tun.Name);
        link.Up();
        link.AddAddress(IPAddress.Parse("100.64.0.7"), 32);
        Assert.Equal(["100.64.0.7"], LocalAddresses.List().Select(a => a.Address.ToString()));
        Assert.Empty(LocalAddresses.List(exceptInterface: "lat0"));
    });
}
