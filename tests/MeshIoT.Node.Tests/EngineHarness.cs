using System;
using System.Linq;
using System.Net;
using System.Threading;
using MeshIoT.Crypto;
using MeshIoT.Filter;
using MeshIoT.Linux;
using MeshIoT.Node.Engine;
using MeshIoT.Tailcfg;
using MeshIoT.WireGuard;

namespace MeshIoT.Node.Tests;

/// <summary>An engine stepped by the test on its own thread, over a real loopback port, with a host that is a pair of queues.</summary>
sealed class EngineHarness : IDisposable
{
    readonly UdpPort udp = UdpPort.Open(IPAddress.Loopback, 0);
    int changes;

    public EngineHarness(int number, bool speaksDisco = true, bool inBatches = false)
    {
        if (inBatches)
        {
            udp.UseBatches();
        }

        SpeaksDisco = speaksDisco;
        Number = number;
        Address = IPAddress.Parse($"100.64.0.{number}");
        Engine = new PacketEngine(udp, Host, new SodiumSuite(), new SystemRandomSource(), new Tai64nClock(1_800_000_000_000), Disco, () => Interlocked.Increment(ref changes));
    }

    public PacketEngine Engine { get; }

    public QueueLink Host { get; } = new();

    public NodePrivateKey Key { get; } = NodePrivateKey.Generate(new SystemRandomSource());

    public DiscoPrivateKey Disco { get; } = DiscoPrivateKey.Generate(new SystemRandomSource());

    public bool SpeaksDisco { get; }

    public int Number { get; }

    public IPAddress Address { get; }

    public byte[] Endpoint => Endpoints.FromIPEndPoint(new IPEndPoint(IPAddress.Loopback, udp.LocalPort));

    public UdpPort Port => udp;

    public PeerPlan AsPeer(params byte[][] candidates) => new()
    {
        Key = Key.PublicKey,
        DiscoKey = SpeaksDisco ? Disco.PublicKey : default,
        AllowedIPs = [new IPNetwork(Address, 32)],
        OwnCount = 1,
        Candidates = candidates.Length == 0 ? Endpoint : [.. candidates.SelectMany(static candidate => candidate)],
    };

    /// <summary>What lets everything in.</summary>
    public PacketFilter Filter => filter ??= PacketFilter.Compile(
        [new FilterRule { SrcIPs = ["*"], DstPorts = [new NetPortRange { IP = "*", Ports = PortRange.Any }] }], [new IPNetwork(Address, 32)], out _);

    PacketFilter? filter;

    public void Know(params PeerPlan[] peers) => Engine.Post(new NetworkPlan { Identity = Key, Addresses = [Address], Peers = peers, Filter = Filter });

    /// <summary>An IPv4 UDP packet from here to there.</summary>
    public byte[] Packet(EngineHarness to, int length) => TestPacket.Udp(Address, to.Address, length);

    /// <summary>Steps all engines until none has more to do, at one moment.</summary>
    public static void Settle(long nowMs, params ReadOnlySpan<EngineHarness> engines)
    {
        // Loopback delivers within the send; a few quiet rounds over all engines mean that nothing is under way.
        for (int quiet = 0; quiet < 4;)
        {
            bool busy = false;
            foreach (EngineHarness harness in engines)
            {
                long before = harness.Host.Delivered;
                busy |= harness.Engine.Step(nowMs) | harness.Host.Delivered != before;
            }

            quiet = busy ? 0 : quiet + 1;
        }
    }

    public void Dispose()
    {
        Engine.Dispose();
        Key.Dispose();
        Disco.Dispose();
    }

    /// <summary>A host that sends what it is told and counts what it gets.</summary>
    public sealed class QueueLink : HostLink
    {
        byte[] packet = [];

        /// <summary>How often <see cref="Send"/>'s packet is still to be sent.</summary>
        public int Waiting { get; private set; }

        public long Delivered { get; private set; }

        public byte[] Last { get; } = new byte[4096];

        public int LastLength { get; private set; }

        public void Send(byte[] bytes, int times = 1) => (packet, Waiting) = (bytes, times);

        public override int Read(byte[] buffer, int offset, long nowMs)
        {
            if (Waiting == 0)
            {
                return 0;
            }

            Waiting--;
            packet.CopyTo(buffer, offset);
            return packet.Length;
        }

        public override void Deliver(byte[] bytes, int offset, int length, long nowMs)
        {
            Delivered++;
            LastLength = length;
            Array.Copy(bytes, offset, Last, 0, length);
        }

        public override void Dispose()
        {
        }
    }
}
