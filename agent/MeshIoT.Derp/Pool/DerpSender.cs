using System;
using MeshIoT.Crypto;

namespace MeshIoT.Derp;

/// <summary>The engine's way out through relays. Every member may be called on any thread; none blocks, waits or throws for what the network does.</summary>
public abstract class DerpSender
{
    /// <summary>
    /// Puts a packet into the region's queue, which copies it, and connects the region if need be. A full queue drops its oldest packet.
    /// False: there is no such region in the map, or the packet is longer than <see cref="DerpFrames.LargestPacket"/>: nothing was queued.
    /// With <paramref name="more"/> the sender promises another packet or a <see cref="Flush"/> in the same breath, so that many packets
    /// leave in one write.
    /// </summary>
    public abstract bool Send(int region, NodePublicKey destination, ReadOnlySpan<byte> packet, bool more = false);

    /// <summary>Lets go what <see cref="Send"/> was told more would follow of, in every region.</summary>
    public abstract void Flush();

    /// <summary>Whether the region's relay takes packets at this moment.</summary>
    public abstract bool IsConnected(int region);
}
