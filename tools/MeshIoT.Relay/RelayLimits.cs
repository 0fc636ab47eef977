using System;

namespace MeshIoT.Relay;

/// <summary>What one relay takes before it says no, and how long it waits. The defaults are derper's where it has them (data-plane.md section 4.3).</summary>
public sealed record RelayLimits
{
    /// <summary>Open connections in all.</summary>
    public int MaxConnections { get; init; } = 20_000;

    /// <summary>Open connections from one address; many nodes may share one behind a NAT.</summary>
    public int MaxConnectionsPerAddress { get; init; } = 2048;

    /// <summary>Time for each step of a handshake: TLS, request, client's proof.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may stay between two HTTP requests.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a client may take nothing of what waits for it.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The same for another relay of the region.</summary>
    public TimeSpan MeshWriteTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A client hears something at least so often, and up to <see cref="KeepAliveJitter"/> later.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>See <see cref="KeepAlive"/>.</summary>
    public TimeSpan KeepAliveJitter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes a second that one client may send; 0: no limit.</summary>
    public long ClientBytesPerSecond { get; init; }

    /// <summary>Bytes a second that all clients may send together; 0: no limit.</summary>
    public long TotalBytesPerSecond { get; init; }

    /// <summary>STUN answers a second, in the long run; a tenth of a second's worth more at once.</summary>
    public int StunPerSecond { get; init; } = 20_000;

    /// <summary>Longest request head.</summary>
    public int MaxRequestHead { get; init; } = 8 * 1024;

    /// <summary>Longest client info, boxed. Real ones have 200 bytes; derper takes 256 KiB.</summary>
    public int MaxClientInfo { get; init; } = 16 * 1024;

    /// <summary>Frames of the relay itself that wait for a slow client.</summary>
    public int ControlQueueFrames { get; init; } = 1024;

    /// <summary>The same in bytes.</summary>
    public int ControlQueueBytes { get; init; } = 64 * 1024;

    /// <summary>Discovery packets that wait for a slow client; derper's number.</summary>
    public int DiscoQueueFrames { get; init; } = 32;

    /// <summary>The same in bytes.</summary>
    public int DiscoQueueBytes { get; init; } = 64 * 1024;

    /// <summary>Other packets that wait for a slow client; twice derper's number, as records carry a dozen.</summary>
    public int OtherQueueFrames { get; init; } = 64;

    /// <summary>The same in bytes: at least the longest packet fits.</summary>
    public int OtherQueueBytes { get; init; } = 128 * 1024;

    /// <summary>
    /// So many times as much waits for a tenth of a second at the most: a client whose processor was elsewhere for a moment then loses nothing of
    /// what TCP inside a tunnel sends in one go.
    /// </summary>
    public int OtherQueueBurst { get; init; } = 8;

    /// <summary>Bytes that wait for all slow clients together; beyond it each of their queues keeps to a sixteenth of its bounds.</summary>
    public long MaxQueuedBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>Bytes that the kernel holds for a slow client before its packets wait, and drop, here; more would be stale when they arrive.</summary>
    public int UnsentBytes { get; init; } = 128 * 1024;
}
