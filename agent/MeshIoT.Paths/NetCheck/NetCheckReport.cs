using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;

namespace MeshIoT.Paths.NetCheck;

/// <summary>
/// What one check found out about the network this node is on. Immutable. What is null is not known: nothing was there to measure it
/// with, or too little came back. data-plane.md section 3.2.
/// </summary>
public sealed record NetCheckReport
{
    /// <summary>When the check ended, by the wall clock.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Every region was asked, not only the nearest ones.</summary>
    public bool IsFull { get; init; }

    /// <summary>A STUN server answered: UDP gets through.</summary>
    public bool Udp { get; init; }

    /// <summary>A STUN server answered over IPv4.</summary>
    public bool IPv4 { get; init; }

    /// <summary>A STUN server answered over IPv6.</summary>
    public bool IPv6 { get; init; }

    /// <summary>The system took datagrams for IPv4 destinations.</summary>
    public bool IPv4CanSend { get; init; }

    /// <summary>The system took datagrams for IPv6 destinations.</summary>
    public bool IPv6CanSend { get; init; }

    /// <summary>
    /// The NAT gives a new mapping to each destination ("hard"): addresses that STUN servers see are of no use to peers. Null with fewer
    /// than two answers over IPv4.
    /// </summary>
    public bool? MappingVariesByDestIP { get; init; }

    /// <summary>The router speaks UPnP; null: not asked.</summary>
    public bool? UPnP { get; init; }

    /// <summary>The router speaks NAT-PMP; null: not asked.</summary>
    public bool? Pmp { get; init; }

    /// <summary>The router speaks PCP; null: not asked.</summary>
    public bool? Pcp { get; init; }

    /// <summary>A port mapping is in place.</summary>
    public bool HavePortMap { get; init; }

    /// <summary>
    /// This node over IPv4 as STUN servers see it: first what most of them say, then what at least two others say. Empty: nobody says.
    /// </summary>
    public IReadOnlyList<IPEndPoint> GlobalV4 { get; init; } = [];

    /// <summary>This node over IPv6, likewise.</summary>
    public IReadOnlyList<IPEndPoint> GlobalV6 { get; init; } = [];

    /// <summary>The home relay region that follows from this and the checks before; 0: none.</summary>
    public int PreferredDerp { get; init; }

    /// <summary>The regions that were asked, by number.</summary>
    public IReadOnlyList<RegionReport> Regions { get; init; } = [];

    /// <summary>STUN requests, also those that the system refused to send; 0: there was nobody to ask, so silence means nothing.</summary>
    public int RequestsSent { get; init; }

    /// <summary>STUN answers that came.</summary>
    public int Answers { get; init; }

    /// <summary>Responses that nobody had asked for or that named impossible addresses; they had no influence.</summary>
    public int IgnoredResponses { get; init; }

    /// <summary>
    /// Whether the servers see this node at none of the places of an earlier report: its router has restarted or has another address, so
    /// that connections through it may be dead without a sign. Behind a router that gives each destination another port, addresses decide.
    /// </summary>
    public bool IsElsewhereThan(NetCheckReport? before)
    {
        if (before is null || before.GlobalV4.Count == 0 || GlobalV4.Count == 0)
        {
            return false;
        }

        bool byAddress = MappingVariesByDestIP == true || before.MappingVariesByDestIP == true;
        return !GlobalV4.Any(now => before.GlobalV4.Any(then => byAddress ? now.Address.Equals(then.Address) : now.Equals(then)));
    }
}
