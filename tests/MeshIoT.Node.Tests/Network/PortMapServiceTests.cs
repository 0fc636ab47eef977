using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Node.Network;
using MeshIoT.PortMap;
using Xunit;

namespace MeshIoT.Node.Tests.Network;

/// <summary>Sockets and all, against routers on loopback addresses.</summary>
public class PortMapServiceTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    readonly ConcurrentQueue<PortMapState> told = new();

    PortMapService Service(LoopbackRouter router, int port = 41641) => new(
        wish => new PortMapNetwork(router.Address, IPAddress.Loopback, (ushort)wish), port, new byte[12], new SystemRandomSource(), told.Enqueue);

    static void Until(Func<bool> condition, string what) => Assert.True(SpinWait.SpinUntil(condition, Patience), what);

    [Fact]
    public async Task By_NAT_PMP_the_port_is_mapped_told_once_and_given_back_at_the_end()
    {
        using LoopbackRouter router = new("127.77.0.1", upnp: false);
        await using (PortMapService service = Service(router))
        {
            Assert.Equal(PortMapState.None, service.Current);
            service.Run(true);
            Until(() => service.Current.Mapping is not null, "no mapping");
            Assert.Equal("45.66.77.88:41641", service.Current.Mapping!.External.ToString());
            Assert.Equal(PortMappingKind.NatPmp, service.Current.Mapping.Kind);
            Assert.Single(told, state => state.Mapping is not null);
            Assert.True(router.Table.ContainsKey(41641));

            service.UsePort(50123);
            Until(() => router.Table.ContainsKey(50123) && !router.Table.ContainsKey(41641), "the old port is mapped still");
        }

        Until(() => router.Table.IsEmpty, "the mapping stayed");
        Assert.Null(told.Last().Mapping);
    }

    [Fact]
    public async Task By_UPnP_too()
    {
        using LoopbackRouter router = new("127.77.0.2", upnp: true);
        await using (PortMapService service = Service(router))
        {
            service.Run(true);
            Until(() => service.Current.Mapping is not null, "no mapping");
            Assert.Equal(PortMappingKind.Upnp, service.Current.Mapping!.Kind);
            Assert.Equal(7200u, router.Table[41641]);
            Assert.Contains(router.Requests, q => q.Contains("<NewInternalClient>127.0.0.1</NewInternalClient>", StringComparison.Ordinal));
            service.Run(false);
            Until(() => router.Table.IsEmpty, "the mapping stayed");
            Assert.Null(service.Current.Mapping);
            service.Run(true);
            Until(() => service.Current.Mapping is not null, "no mapping the second time");
        }

        Until(() => router.Table.IsEmpty, "the mapping stayed");
    }

    [Fact]
    public async Task A_description_without_end_and_a_redirection_lead_nowhere()
    {
        using LoopbackRouter elsewhere = new("127.77.0.4", upnp: true);
        using LoopbackRouter router = new("127.77.0.3", upnp: true) { Description = new byte[10_000_000] };
        await using PortMapService service = Service(router);
        service.Run(true);
        Until(() => service.Current.Upnp == false || service.Current.Trouble is not null || router.Requests.Count > 1, "it was never asked");
        service.Run(false);
        router.Description = null;
        router.Redirect = "http://127.77.0.4/d.xml";
        int before = router.Requests.Count;
        service.Run(true);
        Until(() => router.Requests.Count > before, "it was not asked again");
        Until(() => service.Current.Trouble is not null, "nothing is told");
        Assert.Null(service.Current.Mapping);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task Where_there_is_no_router_nothing_is_asked_and_nothing_told()
    {
        await using PortMapService service = new(_ => null, 41641, new byte[12], new SystemRandomSource(), told.Enqueue);
        service.Run(true);
        service.LinkChanged(verify: true);
        Assert.Equal(PortMapState.None, service.Current);
        Assert.Empty(told);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("fd00::1")]
    public void A_port_that_is_bound_where_no_router_leads_is_not_mapped(string bind) =>
        Assert.Null(new GatewayFinder(IPAddress.Parse(bind), null).Find(41641));
}
