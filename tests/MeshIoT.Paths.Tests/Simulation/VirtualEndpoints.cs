using System.Collections.Generic;
using MeshIoT.Node.Engine;

namespace MeshIoT.Paths.Tests.Simulation;

/// <summary>What a node knows of its own endpoints: its address, and what a STUN server would say, asked anew when it is old.</summary>
sealed class VirtualEndpoints(VirtualNet net, VirtualNode node) : EndpointSource
{
    const long FreshMs = 27_000;

    static readonly Place Server = Place.Of("9.9.9.9:3478");

    byte[] packed = [];
    long lookedUpMs = long.MinValue / 2;
    bool asking;

    public long LookUps { get; private set; }

    public override byte[] Packed => packed;

    public override bool IsFresh => net.NowMs - lookedUpMs < FreshMs;

    public override void Refresh()
    {
        if (asking)
        {
            return;
        }

        asking = true;
        net.Later(node.StunMs, () =>
        {
            asking = false;
            if (node.IsDisposed || node.Asleep)
            {
                return;
            }

            LookUp();
            node.Engine.EndpointsLookedUp();
        });
    }

    /// <summary>As while somebody talks: every so often.</summary>
    public void Repeat()
    {
        if (!node.IsDisposed && node.LooksUpByItself)
        {
            Refresh();
            net.Later(23_000, Repeat);
        }
    }

    /// <summary>The answer of this moment.</summary>
    public void LookUp()
    {
        if (node.Site is not { } site)
        {
            return;
        }

        lookedUpMs = net.NowMs;
        LookUps++;
        List<byte> all = [];
        Place? seen = site.SeenByServer(node.Here, Server);
        if (seen is { } outer && outer != node.Here)
        {
            all.AddRange(outer.ToBytes());
        }

        all.AddRange(node.Here.ToBytes());
        packed = [.. all];
    }

    /// <summary>What the machine itself knows.</summary>
    public void LookUpLocal() => packed = node.Here.ToBytes();

    /// <summary>The network is another: what was known is worth nothing.</summary>
    public void Forget() => lookedUpMs = long.MinValue / 2;
}
