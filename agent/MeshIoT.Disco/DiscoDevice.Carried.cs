namespace MeshIoT.Disco;

/// <content>
/// Traffic by relay pays for the search of a direct path. A search that tires suits a peer that hardly talks; one that moves megabytes by
/// relay must not wait for its fifteen seconds when the direct path opens again.
/// </content>
public sealed partial class DiscoDevice
{
    /// <summary>
    /// So many bytes of the peer's tunnel went or came by relay. When a search costs next to nothing against what was carried since the last
    /// one, there is another: a second after it at the earliest. Costs an addition and a few comparisons.
    /// </summary>
    public void Carried(DiscoPeer peer, int bytes, long nowMs)
    {
        peer.CarriedBytes += bytes;
        if (peer.CarriedBytes < CostOfSearch(peer) * peer.Pace.SearchShare
            || nowMs - peer.FullPingMs < DiscoTimes.EagerGap || peer.NextSearchMs <= nowMs || peer.WakeMs == DiscoPeer.Off
            || peer.IsTrusted(nowMs) || !IsWanted(peer, nowMs))
        {
            return;
        }

        peer.NextSearchMs = nowMs;
        WakeAt(peer, nowMs);
    }

    // A ping to each place where it may be, and a call.
    static long CostOfSearch(DiscoPeer peer) => DiscoTimes.BytesOfCall + ((long)peer.Candidates.Count * DiscoTimes.BytesOfPing);
}
