namespace MeshIoT.Node.Engine;

/// <summary>
/// A peer of the netmap as the engine knows it: a few references while it is silent, since a tailnet may have ten thousand of
/// them. Engine thread.
/// </summary>
internal sealed class PeerEntry(PeerPlan plan)
{
    /// <summary>What the netmap says now.</summary>
    public PeerPlan Plan { get; set; } = plan;

    /// <summary>Its sessions and paths; null while it is silent.</summary>
    public PeerSlot? Slot { get; set; }

    /// <summary>What others see of it; null until it first talked.</summary>
    public PeerCell? Cell { get; set; }

    /// <summary>
    /// The greatest timestamp of its initiations, 12 bytes; null while there was none. Kept when the slot goes: without it a
    /// recorded initiation, sent again by anybody, would count and draw the peer's packets to him.
    /// </summary>
    public byte[]? LastTimestamp { get; set; }

    /// <summary>The plan that named it last.</summary>
    public int Generation { get; set; }

    /// <summary>What the peer itself said its disco key is; null while that is what the netmap says.</summary>
    public AdvertisedKey? Advertised { get; set; }

    /// <summary>A plan from the netmap, with the peer's own word where that is the newer one.</summary>
    public PeerPlan Heed(PeerPlan netmap)
    {
        if (Advertised is { } said && said.Netmap == netmap.DiscoKey)
        {
            return netmap with { DiscoKey = said.Key };
        }

        Advertised = null;
        return netmap;
    }
}
