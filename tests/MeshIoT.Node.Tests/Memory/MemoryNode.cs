using System;
using System.Linq;
using System.Net;
using MeshIoT.Crypto;
using MeshIoT.Filter;
using MeshIoT.Node.Engine;
using MeshIoT.Tailcfg;
using MeshIoT.WireGuard;

namespace MeshIoT.Node.Tests.Memory;

/// <summary>An engine on a <see cref="MemoryNetwork"/>, stepped by the test, whose host counts.</summary>
sealed class MemoryNode : IDisposable
{
    readonly PacketFilter everything;

    public MemoryNode(MemoryNetwork network, int number, int most, params string[] addresses)
    {
        Port = new MemoryPort(network);
        Host = new NumberedLink(most);
        Array.ForEach(addresses, Port.MoveTo);
        Address = new IPAddress([100, 64, (byte)(number >> 8), (byte)number]);
        Engine = new PacketEngine(Port, Host, new SodiumSuite(), new SystemRandomSource(), new Tai64nClock(1_800_000_000_000), Disco, static () => { });
        everything = PacketFilter.Compile(
            [new FilterRule { SrcIPs = ["*"], DstPorts = [new NetPortRange { IP = "*", Ports = PortRange.Any }] }], [new IPNetwork(Address, 32)], out _);
    }

    public PacketEngine Engine { get; }

    public MemoryPort Port { get; }

    public NumberedLink Host { get; }

    public IPAddress Address { get; }

    public NodePrivateKey Key { get; } = NodePrivateKey.Generate(new SystemRandomSource());

    public DiscoPrivateKey Disco { get; } = DiscoPrivateKey.Generate(new SystemRandomSource());

    /// <summary>As the netmap shows it to others, where it is now.</summary>
    public PeerPlan AsPeer() => new()
    {
        Key = Key.PublicKey,
        DiscoKey = Disco.PublicKey,
        AllowedIPs = [new IPNetwork(Address, 32)],
        OwnCount = 1,
        Candidates = [.. Port.Endpoints18.SelectMany(static endpoint => endpoint)],
    };

    public void Know(params PeerPlan[] peers) => Engine.Post(new NetworkPlan { Identity = Key, Addresses = [Address], Peers = peers, Filter = everything });

    /// <summary>An IPv4 UDP packet from here to there.</summary>
    public byte[] PacketTo(MemoryNode to, int length) => TestPacket.Udp(Address, to.Address, length);

    public void Dispose()
    {
        Engine.Dispose();
        Key.Dispose();
        Disco.Dispose();
    }
}
