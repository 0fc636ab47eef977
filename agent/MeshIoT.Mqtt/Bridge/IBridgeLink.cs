using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace MeshIoT.Mqtt.Bridge;

/// <summary>One connection to a broker. What happens on it is read from <see cref="Events"/>; the last event is <see cref="LinkEvent.Closed"/>.</summary>
internal interface IBridgeLink : IAsyncDisposable
{
    /// <summary>What happens, in order.</summary>
    ChannelReader<LinkEvent> Events { get; }

    /// <summary>Connects and logs in; throws <see cref="LinkException"/>. Returns how many messages the broker takes unacknowledged.</summary>
    Task<int> OpenAsync(LinkPlan plan, CancellationToken ct);

    /// <summary>Subscribes with QoS 1.</summary>
    Task SubscribeAsync(IReadOnlyList<string> filters, CancellationToken ct);

    /// <summary>Sends a message of QoS 1; <see cref="LinkEvent.Acknowledged"/> follows. Throws <see cref="LinkException"/> when the connection is gone.</summary>
    Task SendAsync(ushort id, string topic, ReadOnlyMemory<byte> payload, bool retain, CancellationToken ct);
}

/// <summary>What a connection is opened with.</summary>
/// <param name="ClientId">Client id.</param>
/// <param name="Password">Password; null: none.</param>
/// <param name="WillTopic">Topic of the last will.</param>
/// <param name="WillPayload">Its payload.</param>
/// <param name="WillRetain">Whether it is retained.</param>
internal sealed record LinkPlan(string ClientId, byte[]? Password, string WillTopic, byte[] WillPayload, bool WillRetain);

/// <summary>Something that happened on a connection.</summary>
internal abstract record LinkEvent
{
    /// <summary>The broker has a message. Reason 0x80 and above: it has it and does not want it.</summary>
    internal sealed record Acknowledged(ushort Id, byte Reason) : LinkEvent;

    /// <summary>A message came.</summary>
    internal sealed record Message(string Topic, byte[] Payload, bool Retain) : LinkEvent;

    /// <summary>The connection is gone.</summary>
    internal sealed record Closed(string Why) : LinkEvent;
}

/// <summary>A connection that could not be made or was lost.</summary>
/// <param name="why">For people; no secret.</param>
/// <param name="isRefused">True when the broker answered, and refused.</param>
/// <param name="cause">What it came from.</param>
internal sealed class LinkException(string why, bool isRefused = false, Exception? cause = null) : Exception(why, cause)
{
    /// <summary>True when the broker answered, and refused.</summary>
    public bool IsRefused => isRefused;
}
