using System;

namespace MeshIoT.Coordinator;

/// <summary>What one coordinator takes before it says no. The handshake lets any machine in: everything behind it is bounded here.</summary>
internal sealed record CoordinatorLimits
{
    /// <summary>Request bodies, in bytes; what Headscale and testcontrol take.</summary>
    public int MaxBodyBytes { get; init; } = 1024 * 1024;

    /// <summary>How long a request body may take to arrive.</summary>
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Time for the head of a request on the network's door.</summary>
    public TimeSpan HeadTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Open connections in all.</summary>
    public int MaxConnections { get; init; } = 50_000;

    /// <summary>Open connections from one address; many nodes may share one behind a NAT.</summary>
    public int MaxConnectionsPerAddress { get; init; } = 2048;

    /// <summary>Noise handshakes a second in the long run; each costs about 0.3 ms of a core.</summary>
    public int HandshakesPerSecond { get; init; } = 1000;

    /// <summary>How many handshakes may come at once after a quiet time.</summary>
    public int HandshakeBurst { get; init; } = 4000;

    /// <summary>Handshakes that are worked on at the same time; the others wait.</summary>
    public int HandshakesAtOnce { get; init; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Handshakes that wait; more are told to come again.</summary>
    public int MaxWaitingHandshakes { get; init; } = 4000;

    /// <summary>How long a handshake waits before it is told to come again.</summary>
    public TimeSpan HandshakePatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Within how many seconds those who were turned away are to come again.</summary>
    public (int Least, int Most) RetryAfter { get; init; } = (2, 8);

    /// <summary>Registrations being worked on at once.</summary>
    public int MaxPendingRegistrations { get; init; } = 1024;

    /// <summary>Refused registrations from one address before it must wait.</summary>
    public int RefusalBurst { get; init; } = 60;

    /// <summary>Seconds until one more refusal is forgiven.</summary>
    public double RefusalForgivenSeconds { get; init; } = 2;

    /// <summary>Machines that wait for a person, and requests that wait with them.</summary>
    public int MaxPendingLogins { get; init; } = 512;

    /// <summary>How long a machine waits for a person.</summary>
    public TimeSpan LoginLifetime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Logins that one address may open before it must wait.</summary>
    public int LoginBurst { get; init; } = 30;

    /// <summary>Seconds until one more login may be opened.</summary>
    public double LoginForgivenSeconds { get; init; } = 20;

    /// <summary>How often refused registrations are summed up in the audit log.</summary>
    public TimeSpan RefusalSummary { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a node without a stream still counts as online.</summary>
    public TimeSpan OfflineGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an ephemeral node may be away before it is removed; Headscale's value.</summary>
    public TimeSpan EphemeralTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Shortest and longest pause between two frames of a quiet stream; clients give up after 120 s.</summary>
    public (TimeSpan Shortest, TimeSpan Longest) KeepAlive { get; init; } = (TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(60));

    /// <summary>How long one frame may take to leave.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Changes within this time go out as one frame; grows with the number of frames, see <see cref="MapHub"/>.</summary>
    public TimeSpan Coalesce { get; init; } = TimeSpan.FromMilliseconds(25);
}
