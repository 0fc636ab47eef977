using System;
using System.Threading;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Linux;
using MeshIoT.Node.Network;
using MeshIoT.Node.Session;
using MeshIoT.PortMap;

namespace MeshIoT.Node;

/// <content>The machine's network and its router: what changes there, and what that means for paths, endpoints, rules and the mapped port.</content>
public sealed partial class TailnetNode
{
    LinkMonitor? links;
    PortMapService? portMap;

    /// <summary>The port that the router keeps open for this node; null: none.</summary>
    public PortMapping? PortMapping => portMap?.Current.Mapping;

    void StartLinks()
    {
        lock (applying)
        {
            GatewayFinder finder = new(options.UdpBind, routing?.Name);
            if (options.PortMapping && finder.IsPossible)
            {
                portMap = new PortMapService(finder.Find, ownEndpoints.Port, PortMapNonce(), random, OnPortMapChanged);
                portMap.Run(!ReferenceEquals(network, NetworkView.None));
            }
        }

        try
        {
            links = new LinkMonitor(routing?.Name, routing?.NetlinkPort ?? 0, OnLinkChange, routing is null ? null : OnRoutingDisturbed);
        }
        catch (FaultException e)
        {
            health.Set(HealthTopic.Links, Faults.NetworkWatchFailed.With(e.Report.Message.TrimEnd('.')));
        }
    }

    // Nobody is called any more when this returns.
    void StopLinks() => links?.Dispose();

    // The same after each start, or the router takes us for somebody who wants our own mapping.
    byte[] PortMapNonce()
    {
        byte[] nonce = new byte[PortMapper.NonceSize];
        if (store.Current.PortMapNonce is { Length: 2 * PortMapper.NonceSize } text
            && Convert.FromHexString(text, nonce, out _, out _) == System.Buffers.OperationStatus.Done)
        {
            return nonce;
        }

        random.Fill(nonce, 0, nonce.Length);
        try
        {
            store.Update(state => state.PortMapNonce = Convert.ToHexStringLower(nonce));
        }
        catch (FaultException)
        {
            // It does for this run; whoever has something to save that matters tells of the disk.
        }

        return nonce;
    }

    // On the monitor's thread, as the two that follow.
    internal void OnLinkChange(LinkChange change)
    {
        if (change.ClockSet)
        {
            // Keys do not expire by it, but a person should know of a clock that is wrong.
            ThreadPool.QueueUserWorkItem(
                static node =>
                {
                    node.CheckClock();
                    node.Reapply();
                },
                this,
                preferLocal: false);
        }

        // One more address leaves every path as it is; they are asked all the same, as a better one may lead through it.
        bool lost = change.DefaultRouteChanged || change.Gone.Count > 0 || change.CarrierUp || change.SleptMs > 0;
        if (change.IsMajor)
        {
            toCoordinator.End(change.Gone);
            relays.NetworkChanged();
            engine.LinkChanged(major: lost);
            scout.LinkChanged();
            portMap?.LinkChanged(verify: lost);
        }
    }

    void OnRoutingDisturbed()
    {
        lock (applying)
        {
            if (disposed != 0 || routing is null || tunnel is { IsGone: true })
            {
                return;
            }

            try
            {
                routing.Restore();
                health.Clear(HealthTopic.Routing);
            }
            catch (FaultException e)
            {
                health.Set(HealthTopic.Routing, e.Report);
            }
        }
    }

    // On the engine's thread: the socket was replaced, and its port had gone to somebody else.
    void OnPortMoved(int port) => ThreadPool.QueueUserWorkItem(
        node =>
        {
            node.health.Set(HealthTopic.UdpPort, Faults.UdpPortMoved.With(node.ownEndpoints.Port, port));
            node.ownEndpoints.Port = port;
            node.scout.LinkChanged();
            node.portMap?.UsePort(port);
        },
        this,
        preferLocal: false);

    // Under the service's gate: nothing here may call it.
    void OnPortMapChanged(PortMapState now)
    {
        if (now.Trouble is { } trouble)
        {
            Fault fault = trouble.Kind == PortMapTroubleKind.DoubleNat ? Faults.PortMappingDoubleNat : Faults.PortMappingRefused;
            health.Set(HealthTopic.PortMapping, fault.With(trouble.Gateway, NameOf(trouble.Protocol), trouble.Detail));
        }
        else
        {
            health.Clear(HealthTopic.PortMapping);
        }

        scout.PortMapChanged(new PortMapView
        {
            Mapped = now.Mapping is { } mapping ? [mapping.External] : [],
            Pmp = now.NatPmp,
            Pcp = now.Pcp,
            UPnP = now.Upnp,
        });
        RaiseChanged();
    }

    static string NameOf(PortMappingKind kind) => kind switch
    {
        PortMappingKind.NatPmp => "NAT-PMP",
        PortMappingKind.Pcp => "PCP",
        _ => "UPnP",
    };
}
