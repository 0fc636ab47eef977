using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using MeshIoT.Linux;
using MeshIoT.Node.Engine;

namespace MeshIoT.Node.Kernel;

/// <summary>
/// Addresses and routes of the tunnel interface, kept as the netmap says and taken away at the end. data-plane.md section 6.2.
/// One thread at a time.
/// </summary>
internal sealed class TunRouting : IDisposable
{
    readonly LinkConfig link;
    HashSet<IPNetwork> routes = [];
    IPAddress[] addresses = [];

    /// <summary>Takes charge of the interface and brings it up with the rules for the tailnet's table.</summary>
    public TunRouting(string interfaceName)
    {
        LinkConfig.RemoveStale();
        link = LinkConfig.Open(interfaceName);
        try
        {
            link.Up();
            link.AddRules();
        }
        catch
        {
            link.Dispose();
            throw;
        }
    }

    /// <summary>Makes the interface's addresses and routes those of the plan; null takes them all away.</summary>
    public void Apply(NetworkPlan? plan)
    {
        addresses = [.. plan?.Addresses ?? []];
        link.SetAddresses(addresses);
        routes = [.. (plan?.Peers ?? []).SelectMany(static peer => peer.AllowedIPs)];
        link.SetRoutes(routes);
    }

    /// <summary>The interface.</summary>
    public string Name => link.Name;

    /// <summary>What the kernel's notices about our own changes carry.</summary>
    public uint NetlinkPort => link.NetlinkPort;

    /// <summary>Puts back addresses, rules and routes that somebody else removed.</summary>
    public void Restore()
    {
        link.AddRules();
        link.SetAddresses(addresses);
        link.SetRoutes(routes);
    }

    /// <summary>The interface was made anew under its name: brings it up with all that it had.</summary>
    public void Renew()
    {
        link.Renew();
        link.Up();
        Restore();
    }

    /// <inheritdoc/>
    public void Dispose() => link.Dispose();
}
