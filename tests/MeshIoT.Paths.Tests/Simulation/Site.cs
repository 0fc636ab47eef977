using System.Collections.Generic;

namespace MeshIoT.Paths.Tests.Simulation;

/// <summary>A network where everybody reaches everybody by address: the Internet, or what lies behind a router.</summary>
sealed class Site(VirtualNet net)
{
    readonly Dictionary<uint, Attachment> attached = [];

    /// <summary>The way out; null: none.</summary>
    public Nat? Way { get; set; }

    public void Attach(Attachment one, uint address)
    {
        Detach(one);
        (one.Site, one.Address) = (this, address);
        attached[address] = one;
    }

    public static void Detach(Attachment one)
    {
        if (one.Site is { } site)
        {
            site.attached.Remove(one.Address);
            one.Site = null;
        }
    }

    /// <summary>A datagram is on this network.</summary>
    public void Carry(byte[] bytes, Place from, Place to, int delayMs)
    {
        if (net.Drops(bytes) || net.DropsDirect(bytes))
        {
            return;
        }

        if (attached.TryGetValue(to.Address, out Attachment? there))
        {
            net.Later(delayMs, () => there.Deliver(bytes, from, to));
        }
        else
        {
            Way?.Leave(bytes, from, to, delayMs);
        }
    }

    /// <summary>What a server in the Internet sees as the source of a datagram from here; null when it gets none.</summary>
    public Place? SeenByServer(Place from, Place server) => Way is null ? from : Way.MapFor(from, server) is { } outer ? Way.Site?.SeenByServer(outer, server) : null;
}
