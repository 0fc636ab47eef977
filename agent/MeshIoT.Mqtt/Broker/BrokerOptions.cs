using System;

namespace MeshIoT.Mqtt.Broker;

/// <summary>What the broker allows and keeps. The defaults suit a small board.</summary>
public sealed record BrokerOptions
{
    /// <summary>Largest packet, bytes, header included: 1 KiB to 16 MiB.</summary>
    public int MostPacketBytes { get; init; } = 256 * 1024;

    /// <summary>Largest CONNECT, bytes: who sends it is not known yet.</summary>
    public int MostConnectBytes { get; init; } = 16 * 1024;

    /// <summary>Most connections at a time.</summary>
    public int MostConnections { get; init; } = 1000;

    /// <summary>Messages that wait for one client; the oldest of those not sent yet is dropped for the next.</summary>
    public int MostQueued { get; init; } = 1000;

    /// <summary>Bytes that wait for one client; a message that would be too much is dropped for that client.</summary>
    public long MostQueuedBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Messages of QoS 1 and 2 that one client may have unacknowledged; it may ask for fewer.</summary>
    public int MostInFlight { get; init; } = 100;

    /// <summary>Filters of one client.</summary>
    public int MostSubscriptions { get; init; } = 256;

    /// <summary>Sessions that outlive their connection.</summary>
    public int MostSessions { get; init; } = 1000;

    /// <summary>How long a session outlives its connection at most.</summary>
    public TimeSpan SessionExpiry { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Retained messages.</summary>
    public int MostRetained { get; init; } = 10_000;

    /// <summary>Bytes of retained messages, topics included.</summary>
    public long MostRetainedBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Bytes of large packets that are under way on all connections together.</summary>
    public long MostBytesUnderWay { get; init; } = 16 * 1024 * 1024;

    /// <summary>How long a connection may take to say who it is.</summary>
    public TimeSpan ConnectLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a packet, or a write to a client, may stand still.</summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Where sessions and retained messages are kept; null: in memory alone.</summary>
    public string? StateFile { get; init; }

    /// <summary>Most bytes of that file; the oldest waiting messages are left out.</summary>
    public int MostStateBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How long a change of subscriptions or of retained messages waits to be written.</summary>
    public TimeSpan SaveSoon { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a change of what waits for clients that are away waits to be written: SD cards wear.</summary>
    public TimeSpan SaveLater { get; init; } = TimeSpan.FromMinutes(15);
}
