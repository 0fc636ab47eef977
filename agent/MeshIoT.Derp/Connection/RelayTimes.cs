namespace MeshIoT.Derp;

/// <summary>How long what may take, in milliseconds. data-plane.md sections 4.1, 4.3, 4.5.</summary>
internal static class RelayTimes
{
    /// <summary>TCP, TLS and upgrade of all of a region's relays together, and after that the handshake.</summary>
    public const int Connect = 10_000;

    /// <summary>One relay, while others of the region are left to try; grows with each failed round up to <see cref="LongestNode"/>.</summary>
    public const int Node = 1500, LongestNode = 6000;

    /// <summary>A dial that has lasted so long is begun anew when the network changes.</summary>
    public const int YoungDial = 1000;

    /// <summary>A relay says something at least every 65 s; one that was silent for so long is gone.</summary>
    public const int Silence = 120_000;

    /// <summary>A connection that is not our home is closed when nothing was written for so long.</summary>
    public const int Idle = 60_000;

    /// <summary>We write and nothing comes: so long until we ask with a ping, and from there until the relay is given up.</summary>
    public const int Doubt = 4000, Answer = 6000;

    /// <summary>The network has changed: so long may the answer to a ping take before the connection is given up.</summary>
    public const int AnswerAfterChange = 3000;

    /// <summary>A write that is not done after so long is given up, and the relay with it.</summary>
    public const int Stall = 30_000;

    /// <summary>How often a connection in use is looked at.</summary>
    public const int BusyLook = 2000;

    /// <summary>A connection that lasted so long was a good one: the next failure counts as the first.</summary>
    public const int Good = 30_000;

    /// <summary>The longest that a relay's "I restart" makes us wait.</summary>
    public const int LongestRestart = 30_000;
}
