using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using MeshIoT.Tailcfg;

namespace MeshIoT.Paths.Endpoints;

/// <summary>
/// Where peers may reach this node, the most promising first: port mapping, what STUN servers see, the public address with the fixed
/// port, what was true until lately, what a person wrote, the machine's interfaces. data-plane.md section 2.8. What comes from routers
/// and servers is remembered for a while: a mapping that one check did not see may well be there.
/// One thread at a time; times are those of a clock that never goes back.
/// </summary>
public sealed class EndpointList
{
    /// <summary>Longest list.</summary>
    public const int Most = 32;

    /// <summary>Remembered endpoints of one address.</summary>
    public const int MostPerAddress = 3;

    /// <summary>Remembered endpoints.</summary>
    public const int MostRemembered = 12;

    /// <summary>How long an endpoint is told on after it was last seen.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromMinutes(5);

    readonly List<(OwnEndpoint Endpoint, TimeSpan SeenAt)> remembered = [];

    /// <summary>This is another network: nothing of before is true here.</summary>
    public void Forget() => remembered.Clear();

    /// <summary>The list now.</summary>
    public IReadOnlyList<OwnEndpoint> Build(EndpointSources sources, TimeSpan now)
    {
        List<OwnEndpoint> list = [];
        AddAll(list, sources.Portmapped, EndpointType.Portmapped);
        AddAll(list, sources.StunV4.Select(endpoint => sources.MappingVaries ? Settled(endpoint, now) : endpoint), EndpointType.Stun);
        AddAll(list, sources.StunV6, EndpointType.Stun);
        if (sources is { MappingVaries: true, FixedPort: > 0, StunV4: [IPEndPoint seen, ..] })
        {
            Add(list, new IPEndPoint(seen.Address, sources.FixedPort), EndpointType.Stun4LocalPort);
        }

        Remember(list, now);
        foreach ((OwnEndpoint endpoint, _) in remembered)
        {
            Add(list, endpoint.Address, endpoint.Type);
        }

        AddAll(list, sources.Explicit, EndpointType.ExplicitConfiguration);
        AddAll(list, sources.Local, EndpointType.Local);
        return list;
    }

    // Behind a NAT that maps each destination anew, each check sees another port, and none is good for peers: the first one seen stays,
    // so that coordinator and peers are not told something new every time.
    IPEndPoint Settled(IPEndPoint endpoint, TimeSpan now)
    {
        foreach ((OwnEndpoint known, TimeSpan seenAt) in remembered)
        {
            if (known.Type == EndpointType.Stun && known.Address.Address.Equals(endpoint.Address) && now - seenAt < Lifetime)
            {
                return known.Address;
            }
        }

        return endpoint;
    }

    void Remember(List<OwnEndpoint> fresh, TimeSpan now)
    {
        foreach (OwnEndpoint endpoint in fresh)
        {
            remembered.RemoveAll(entry => entry.Endpoint.Address.Equals(endpoint.Address));
        }

        // The newest first, each check's in its own order.
        remembered.InsertRange(0, fresh.Select(endpoint => (endpoint, now)));
        remembered.RemoveAll(entry => now - entry.SeenAt >= Lifetime);
        for (int i = remembered.Count - 1; i >= 0; i--)
        {
            IPAddress address = remembered[i].Endpoint.Address.Address;
            if (i >= MostRemembered || remembered.Take(i).Count(entry => entry.Endpoint.Address.Address.Equals(address)) >= MostPerAddress)
            {
                remembered.RemoveAt(i);
            }
        }
    }

    static void AddAll(List<OwnEndpoint> list, IEnumerable<IPEndPoint> endpoints, EndpointType type)
    {
        foreach (IPEndPoint endpoint in endpoints)
        {
            Add(list, endpoint, type);
        }
    }

    static void Add(List<OwnEndpoint> list, IPEndPoint endpoint, EndpointType type)
    {
        if (endpoint.Port != 0 && list.Count < Most && !list.Exists(known => known.Address.Equals(endpoint)))
        {
            list.Add(new OwnEndpoint(endpoint, type));
        }
    }
}
