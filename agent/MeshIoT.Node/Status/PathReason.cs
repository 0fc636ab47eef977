namespace MeshIoT.Node;

/// <summary>Why a peer's packets go where they go.</summary>
public enum PathReason
{
    /// <summary>Nobody talks to the peer, so nobody looks for it.</summary>
    Idle,

    /// <summary>No endpoint answers, and there is no relay.</summary>
    None,

    /// <summary>No endpoint answers; a relay leads to the peer.</summary>
    Relay,

    /// <summary>No ping was answered, but authentic packets come from there.</summary>
    Heard,

    /// <summary>The endpoint in use answered once, and does so no more.</summary>
    Doubted,

    /// <summary>It is the only one that answers.</summary>
    Only,

    /// <summary>It answers and has more points than the others that do.</summary>
    Points,

    /// <summary>It was there first, and no other is better by enough.</summary>
    Kept,
}
