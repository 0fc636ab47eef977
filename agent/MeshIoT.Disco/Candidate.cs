namespace MeshIoT.Disco;

/// <summary>An endpoint where a peer may be, and what its answers said.</summary>
internal sealed class Candidate(DiscoPeer peer, byte[] endpoint)
{
    public const long Never = -1;

    public DiscoPeer Peer { get; } = peer;

    /// <summary>18 bytes, never changed.</summary>
    public byte[] Endpoint { get; } = endpoint;

    /// <summary>Who says that the peer may be there.</summary>
    public CandidateOrigin Origin { get; set; }

    /// <summary>Known from a ping of the peer, or kept because it answers, and from nothing else.</summary>
    public bool IsLearned => Origin == CandidateOrigin.Heard;

    /// <summary>When the peer last pinged from here.</summary>
    public long HeardMs { get; set; } = Never;

    /// <summary>The newest ping and the one before: an answer may take longer than the pause between two.</summary>
    public TransactionId Open, OpenBefore;
    public long OpenSinceMs = Never, OpenBeforeSinceMs = Never;

    /// <summary>When it was last pinged.</summary>
    public long PingedMs { get; set; } = Never;

    /// <summary>When it last answered.</summary>
    public long PongMs { get; set; } = Never;

    /// <summary>Round trip of the last answer.</summary>
    public long LatencyMs { get; set; }

    /// <summary>The first ping since its last answer.</summary>
    public long AskedSinceMs { get; set; } = Never;

    /// <summary>Whether it has been asked for 5 s and more without an answer.</summary>
    public bool IsSilent(long nowMs) => AskedSinceMs != Never && nowMs - AskedSinceMs >= DiscoTimes.PingTimeout;
}
