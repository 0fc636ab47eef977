namespace MeshIoT.NetStack;

/// <summary>The numbers of TCP, with where they come from.</summary>
internal static class TcpConstants
{
    public const int Fin = 1, Syn = 2, Rst = 4, Psh = 8, Ack = 16;
    public const int HeaderSize = 20, MaxOptions = 40, ChecksumAt = 16;
    public const int OptionEnd = 0, OptionNop = 1, OptionMss = 2, OptionWindowScale = 3, OptionSackPermitted = 4, OptionSack = 5;

    /// <summary>RFC 9293 section 3.7.1: what to assume of a peer that sends no MSS option.</summary>
    public const int DefaultMss4 = 536, DefaultMss6 = 1220;

    /// <summary>A hostile MSS must not make us send a header per byte.</summary>
    public const int MinSendMss = 64;

    /// <summary>RFC 7323 section 2.3.</summary>
    public const int MaxWindowShift = 14;

    /// <summary>RFC 6298 section 2.1 and 5.7.</summary>
    public const int InitialRtoMs = 1000, RtoAfterSynLossMs = 3000, MaxRtoMs = 60000;

    /// <summary>
    /// Least room for variation in the timeout. RFC 6298 (2.4) would have the whole timeout at least a second; every
    /// deployed stack waits about 200 ms, which still exceeds any peer's delayed acknowledgement on these paths.
    /// </summary>
    public const int MinVariationMs = 200;

    /// <summary>Timeouts in a row before a connection is given up: about three minutes, RFC 9293 section 3.8.3 wants 100 seconds at least.</summary>
    public const int MaxRetransmits = 10;

    /// <summary>RFC 9293 section 3.8.6.3 allows 500 ms and an acknowledgement at least every second full segment.</summary>
    public const int DelayedAckMs = 40;

    /// <summary>RFC 9293 section 3.8.4: two hours by default, never less unless asked for.</summary>
    public const int KeepAliveIdleMs = 7200000, KeepAliveIntervalMs = 75000, KeepAliveProbes = 9;

    /// <summary>A connection its owner released, and that makes no progress, is reset after this.</summary>
    public const int OrphanMs = 60000;

    /// <summary>RFC 5961 section 7, per connection, so that one connection's count tells nothing about another's.</summary>
    public const int ChallengeIntervalMs = 500;

    /// <summary>Acknowledgements owed at once when many segments came out of order before the stack could answer.</summary>
    public const int MaxDuplicateAcksOwed = 16;
}
