using System.Collections.Generic;

namespace MeshIoT.Mqtt.Broker;

/// <summary>What outlives the broker.</summary>
/// <param name="Retained">Retained messages of clients.</param>
/// <param name="Sessions">Sessions of clients that come back.</param>
internal sealed record BrokerState(IReadOnlyList<RetainedEntry> Retained, IReadOnlyList<KeptSession> Sessions)
{
    public static BrokerState Empty { get; } = new([], []);
}

/// <summary>A session that outlives its connection.</summary>
/// <param name="ClientId">Client id.</param>
/// <param name="User">Name of its user; empty: it gave none.</param>
/// <param name="ExpirySeconds">How long it outlives the connection.</param>
/// <param name="AwaySinceUnixMs">Since when it is away, milliseconds since 1970-01-01 UTC.</param>
/// <param name="Subscriptions">What it subscribed to.</param>
/// <param name="Waiting">What waits for it, oldest first.</param>
internal sealed record KeptSession(
    string ClientId, string User, uint ExpirySeconds, long AwaySinceUnixMs, IReadOnlyList<KeptSubscription> Subscriptions, IReadOnlyList<WaitingMessage> Waiting);
