using System;

namespace MeshIoT.Disco;

/// <summary>Who says that a peer may be at an endpoint. Without any it is no candidate any more.</summary>
[Flags]
internal enum CandidateOrigin
{
    None = 0,

    /// <summary>The netmap.</summary>
    Netmap = 1,

    /// <summary>The peer itself, in its last call-me-maybe.</summary>
    Called = 2,

    /// <summary>A ping of the peer came from there, or it answers although nobody names it any more.</summary>
    Heard = 4,
}
