using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using System.Text.Json;
using MeshIoT.Crypto;
using MeshIoT.Filter;
using MeshIoT.Interop.WireGuard;
using MeshIoT.Linux;
using MeshIoT.Node.Engine;
using MeshIoT.Node.Kernel;
using MeshIoT.Tailcfg;
using MeshIoT.WireGuard;

namespace MeshIoT.Interop.Engine;

/// <summary>
/// What a node in kernel mode is made of below its coordinator: tunnel interface with offloads, UDP in groups, packet engine, routes. Its plan
/// comes from a file for wg-quick(8) instead of a netmap; its peers have no disco keys and no relays.
/// </summary>
sealed class EngineInterface : IDisposable
{
    readonly NodePrivateKey identity;
    readonly DiscoPrivateKey discoKey;
    readonly UdpPort udp;
    readonly TunDevice tun;
    readonly TunRouting routing;
    readonly PacketEngine engine;
    readonly List<IPAddress> targets = [];

    internal EngineInterface(InterfaceFile file, Offloads offloads)
    {
        SystemRandomSource random = new();
        identity = NodePrivateKey.FromBytes(file.PrivateKey);
        discoKey = DiscoPrivateKey.Generate(random);
        udp = UdpPort.Open(file.Bind, file.ListenPort);
        udp.UseBatches(offloads);
        tun = TunDevice.Open(file.Name, file.Mtu, offloads);
        routing = new TunRouting(tun.Name);
        engine = new PacketEngine(udp, new TunLink(tun), new SodiumSuite(), random, new WallTimestamps(), discoKey, static () => { }) { Mtu = file.Mtu };
        NetworkPlan plan = PlanOf(file);
        targets.AddRange(plan.Peers.Select(static peer => peer.AllowedIPs[0].BaseAddress));
        routing.Apply(plan);
        engine.Start();
        engine.Post(plan);
    }

    /// <summary>Why the engine ended by itself; null while it is well.</summary>
    internal string? Failure => engine.Failure?.ToString();

    /// <summary>Begins a new handshake with each peer.</summary>
    internal void Handshake()
    {
        foreach (IPAddress target in targets)
        {
            engine.Post(new HandshakeWork(target));
        }
    }

    /// <summary>What can be seen of it, as one line of JSON.</summary>
    internal string Stats()
    {
        using System.IO.MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteBoolean("well", engine.Failure is null);
            json.WriteString("offloads", (tun.Offloads | udp.Offloads).ToString());
            json.WriteNumber("tunWriteDrops", tun.WriteDrops);
            json.WriteNumber("udpSendDrops", udp.SendDrops);
            json.WriteNumber("refused", tun.WriteDrops + tun.CutDrops + udp.OversizeDrops + engine.OversizeDrops + engine.FilterDrops);
            json.WriteNumber("forged", engine.DropsOf(DeviceFault.ForgedData, DeviceFault.ReplayedData, DeviceFault.MalformedInner, DeviceFault.SourceNotAllowed));
            foreach (PeerCell cell in engine.Cells.Values)
            {
                json.WriteString("endpoint", cell.EndpointForPeople?.ToString());
                json.WriteNumber("receivedBytes", cell.ReceivedBytes);
                json.WriteNumber("sentBytes", cell.SentBytes);
                json.WriteNumber("handshakeAgeMs", cell.LastHandshakeMs < 0 ? -1 : BootClock.NowMs - cell.LastHandshakeMs);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    public void Dispose()
    {
        routing.Dispose();
        engine.Dispose();
        identity.Dispose();
        discoKey.Dispose();
    }

    NetworkPlan PlanOf(InterfaceFile file)
    {
        IPNetwork[] own = [.. file.Addresses.Select(static address => new IPNetwork(address, address.GetAddressBytes().Length * 8))];
        return new NetworkPlan
        {
            Identity = identity,
            Addresses = file.Addresses,
            Filter = PacketFilter.Compile([new FilterRule { SrcIPs = ["*"], DstPorts = [new NetPortRange { IP = "*", Ports = PortRange.Any }] }], own, out _),
            Peers = [.. file.Peers.Select(PlanOf)],
        };
    }

    static PeerPlan PlanOf(PeerSection section) => section.PresharedKey is null && section.PersistentKeepaliveSeconds == 0
        ? new PeerPlan
        {
            Key = NodePublicKey.FromBytes(section.PublicKey),
            AllowedIPs = section.AllowedIPs,
            OwnCount = section.AllowedIPs.Count,
            Candidates = section.Endpoint ?? [],
        }
        : throw new FormatException("the engine has no preshared keys and no persistent keepalives");
}
