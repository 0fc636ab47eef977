namespace MeshIoT.Disco;

/// <summary>What is known of one endpoint of a peer, for a person who wants to see why a path was chosen. Milliseconds; -1: never.</summary>
/// <param name="Endpoint">18 bytes, never changed.</param>
public readonly record struct CandidateFacts(byte[] Endpoint)
{
    /// <summary>The netmap lists it.</summary>
    public bool IsListed { get; init; }

    /// <summary>The peer named it in its last call-me-maybe.</summary>
    public bool IsCalled { get; init; }

    /// <summary>The peer pinged from there, or it answers though nobody names it.</summary>
    public bool IsHeard { get; init; }

    /// <summary>It is <see cref="DiscoPeer.Best"/>.</summary>
    public bool IsBest { get; init; }

    /// <summary>How long ago it was last pinged.</summary>
    public long PingedAgoMs { get; init; }

    /// <summary>How long ago it last answered.</summary>
    public long AnsweredAgoMs { get; init; }

    /// <summary>Whether a ping of more than five seconds ago still has no answer.</summary>
    public bool IsSilent { get; init; }

    /// <summary>Round trip of its last answer; -1: none.</summary>
    public long LatencyMs { get; init; }

    /// <summary>Points for the kind of its address.</summary>
    public int Nearness { get; init; }

    /// <summary>
    /// Points for time saved: against the best endpoint; for the best one itself, against the fastest of the others that answered. -1:
    /// there is nothing to compare with.
    /// </summary>
    public int Speed { get; init; }

    /// <summary>An endpoint that the netmap lists for a peer to which nobody talks.</summary>
    public static CandidateFacts Untried(byte[] endpoint18) => new(endpoint18)
    {
        IsListed = true, PingedAgoMs = -1, AnsweredAgoMs = -1, LatencyMs = -1, Speed = -1, Nearness = PathChoice.NearnessOf(endpoint18),
    };
}
