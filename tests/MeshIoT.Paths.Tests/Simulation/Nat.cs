using System.Collections.Generic;
using System.Linq;

namespace MeshIoT.Paths.Tests.Simulation;

/// <summary>A router between a site and the next one outwards.</summary>
sealed class Nat(VirtualNet net, Site inside, NatKind kind) : Attachment
{
    const long MappingLivesMs = 40_000;

    readonly List<Mapping> mappings = [];
    ushort nextPort = (ushort)(20_000 + net.Random.Next(20_000));

    public NatKind Kind { get; set; } = kind;

    /// <summary>One way, through this router.</summary>
    public int DelayMs { get; set; }

    /// <summary>Share of datagrams that are lost here.</summary>
    public double Loss { get; set; }

    /// <summary>Forgets all it knew, as after a power cut.</summary>
    public void Reboot()
    {
        mappings.Clear();
        nextPort = (ushort)(20_000 + net.Random.Next(20_000));
    }

    /// <summary>The outer source of a datagram from inside; null when it is not let out.</summary>
    public Place? MapFor(Place inner, Place to)
    {
        if (Kind == NatKind.Blocked || Site is null)
        {
            return null;
        }

        mappings.RemoveAll(m => net.NowMs - m.UsedMs > MappingLivesMs);
        Mapping? mapping = mappings.FirstOrDefault(m => m.Inner == inner && (Kind != NatKind.Symmetric || m.SentTo.Contains(to)));
        if (mapping is null)
        {
            mapping = new Mapping(inner, nextPort++);
            mappings.Add(mapping);
        }

        mapping.UsedMs = net.NowMs;
        mapping.SentTo.Add(to);
        return new Place(Address, mapping.Port);
    }

    public void Leave(byte[] bytes, Place from, Place to, int delayMs)
    {
        if (MapFor(from, to) is { } outer && to.Address != Address && !Lost())
        {
            Site!.Carry(bytes, outer, to, delayMs + DelayMs);
        }
    }

    public override void Deliver(byte[] bytes, Place from, Place to)
    {
        Mapping? mapping = mappings.Find(m => m.Port == to.Port && net.NowMs - m.UsedMs <= MappingLivesMs);
        if (mapping is not null && Admits(mapping, from) && !Lost())
        {
            inside.Carry(bytes, from, mapping.Inner, DelayMs);
        }
    }

    bool Lost() => Loss > 0 && net.Random.NextDouble() < Loss;

    bool Admits(Mapping mapping, Place from) => Kind switch
    {
        NatKind.FullCone => true,
        NatKind.AddressRestricted => mapping.SentTo.Any(place => place.Address == from.Address),
        NatKind.PortRestricted or NatKind.Symmetric => mapping.SentTo.Contains(from),
        _ => false,
    };

    sealed class Mapping(Place inner, ushort port)
    {
        public Place Inner { get; } = inner;

        public ushort Port { get; } = port;

        public long UsedMs { get; set; }

        public HashSet<Place> SentTo { get; } = [];
    }
}
