using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using MeshIoT.Crypto;
using MeshIoT.Disco;
using MeshIoT.Filter;
using MeshIoT.Node.Engine;
using MeshIoT.Tailcfg;
using MeshIoT.WireGuard;

namespace MeshIoT.Paths.Tests.Simulation;

/// <summary>A node with the real engine, WireGuard and disco in it, on a virtual network.</summary>
sealed class VirtualNode : Attachment, IDisposable
{
    const ushort Port = 41641;

    readonly VirtualNet net;
    readonly SeededRandom random;
    readonly long skewMs;
    readonly Tai64nClock labels;
    readonly List<PeerPlan> known = [];

    public VirtualNode(VirtualNet net, int number, Site site, string address, int delayMs, NodePrivateKey? key = null, DiscoPace? pace = null)
    {
        this.net = net;
        Number = number;
        RelayDelayMs = delayMs;
        random = new SeededRandom(net.Random.Next());
        skewMs = net.Random.Next(1_000_000);
        Key = key ?? NodePrivateKey.Generate(random);
        Disco = DiscoPrivateKey.Generate(random);
        Udp = new VirtualPort(this);
        Host = new VirtualHost(net, this);
        labels = new Tai64nClock(1_800_000_000_000 + net.NowMs);
        Engine = new PacketEngine(Udp, Host, new SodiumSuite(), random, labels, Disco, static () => { }) { Pace = pace ?? DiscoPace.Default };
        Relay = new VirtualRelayLink(net, Key.PublicKey, delayMs) { Receiver = Engine.Relayed };
        Engine.UseRelays(Relay);
        Endpoints = new VirtualEndpoints(net, this);
        Engine.UseEndpoints(Endpoints);
        site.Attach(this, Place.Ip(address));
        Endpoints.LookUp();
        net.Later(net.Random.Next(23_000), Endpoints.Repeat);
        net.Add(this);
    }

    public int Number { get; }

    /// <summary>Own endpoints are looked up every so often and not only when somebody must be told.</summary>
    public bool LooksUpByItself { get; init; } = true;

    public bool IsDisposed { get; private set; }

    public int RelayDelayMs { get; }

    /// <summary>Round trip to the STUN server.</summary>
    public int StunMs => 2 * RelayDelayMs;

    public NodePrivateKey Key { get; }

    public DiscoPrivateKey Disco { get; }

    public VirtualPort Udp { get; }

    public VirtualHost Host { get; }

    public VirtualRelayLink Relay { get; }

    public VirtualEndpoints Endpoints { get; }

    public PacketEngine Engine { get; }

    public Place Here => new(Address, Port);

    public IPAddress Inner => IPAddress.Parse($"100.64.0.{Number}");

    /// <summary>Its own milliseconds.</summary>
    public long LocalMs => net.NowMs + skewMs;

    /// <summary>By how much its wall clock is wrong.</summary>
    public long WallSkewMs { get; set; }

    /// <summary>Suspended or without power: nothing runs, nothing is heard.</summary>
    public bool Asleep { get; set; }

    /// <summary>When it has something to do, in the network's time.</summary>
    public long NextWakeMs
    {
        get
        {
            if (Asleep)
            {
                return long.MaxValue;
            }

            long wait = Engine.WaitMs(LocalMs);
            return Math.Min(wait == 0 ? net.NowMs + 1 : net.NowMs + wait, Host.NextSendMs);
        }
    }

    public PeerPlan AsPeer => new()
    {
        Key = Key.PublicKey, DiscoKey = Disco.PublicKey, AllowedIPs = [new IPNetwork(Inner, 32)], OwnCount = 1, Candidates = Endpoints.Packed, Home = Relay.Home,
    };

    /// <summary>What the node knows of a peer's path.</summary>
    public PeerCell? CellOf(VirtualNode peer) => Engine.Cells.GetValueOrDefault(peer.Key.PublicKey);

    /// <summary>Whether its packets to the peer go directly and by no relay.</summary>
    public bool IsDirectTo(VirtualNode peer) => Engine.PathOf(peer.Key.PublicKey)?.Choose(LocalMs) is { ByRelay: false };

    /// <summary>The coordinator names a peer, or says something new of it.</summary>
    public void Learn(VirtualNode peer)
    {
        PeerPlan plan = peer.AsPeer;
        known.RemoveAll(other => other.Key == plan.Key);
        known.Add(plan);
        Engine.Post(new NetworkPlan
        {
            Identity = Key, Addresses = [Inner], Peers = [.. known],
            Filter = PacketFilter.Compile(
                [new FilterRule { SrcIPs = ["*"], DstPorts = [new NetPortRange { IP = "*", Ports = PortRange.Any }] }], [new IPNetwork(Inner, 32)], out _),
        });
    }

    /// <summary>Its network is another one, and the machine's link monitor says so.</summary>
    public void NetworkChanged()
    {
        Endpoints.Forget();
        Endpoints.LookUpLocal();
        Engine.LinkChanged(major: true);
        Endpoints.Refresh();
    }

    public bool SendUdp(byte[] bytes, Place to)
    {
        if (Site is null)
        {
            return false;
        }

        Site.Carry(bytes, Here, to, 0);
        return true;
    }

    public override void Deliver(byte[] bytes, Place from, Place to)
    {
        if (!Asleep && to.Port == Port)
        {
            Udp.Arrive(bytes, from);
        }
    }

    public void Run()
    {
        if (Asleep || IsDisposed)
        {
            return;
        }

        labels.SetWallTime(1_800_000_000_000 + net.NowMs + WallSkewMs);
        while (Engine.Step(LocalMs) || Udp.HasArrived)
        {
            // Until nothing is left to do at this moment.
        }
    }

    public void Dispose()
    {
        IsDisposed = true;
        Relay.Close();
        Simulation.Site.Detach(this);
        net.Remove(this);
        Engine.Dispose();
        Disco.Dispose();
    }
}
