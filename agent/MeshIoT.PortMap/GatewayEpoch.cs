namespace MeshIoT.PortMap;

/// <summary>
/// The clock that a gateway counts since it made its table of mappings. When it runs otherwise than ours, the table was made anew and
/// ours are gone. RFC 6886 section 3.6, RFC 6887 section 8.5.
/// </summary>
internal sealed class GatewayEpoch
{
    bool known;
    uint last;
    long lastMs;

    /// <summary>Notes what an answer says. False: the gateway has lost its table since the answer before.</summary>
    /// <param name="epoch">Seconds, as the gateway counts.</param>
    /// <param name="bothWays">PCP: a clock that jumped forward is a fault as well. NAT-PMP looks only for one that went back.</param>
    /// <param name="nowMs">Boot clock.</param>
    public bool Agrees(uint epoch, bool bothWays, long nowMs)
    {
        bool agrees = !known || (bothWays ? AgreesBothWays(epoch, nowMs) : epoch + 2L >= last + ((nowMs - lastMs) / 1000 * 7 / 8));
        (known, last, lastMs) = (true, epoch, nowMs);
        return agrees;
    }

    /// <summary>Another gateway, or another protocol of the same.</summary>
    public void Forget() => known = false;

    bool AgreesBothWays(uint epoch, long nowMs)
    {
        long client = (nowMs - lastMs) / 1000, server = (long)epoch - last;
        return server >= -1 && client + 2 >= server - (server / 16) && server + 2 >= client - (client / 16);
    }
}
