using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using MeshIoT.Health;

namespace MeshIoT.Coordinator;

/// <summary>
/// What is wrong with the tailnet's gateways, as only the coordinator can tell: it holds their long polls. A change costs the nodes it names; keys
/// that come to their end are looked for when somebody asks.
/// </summary>
/// <param name="writer">The registry.</param>
/// <param name="options">Which nodes count.</param>
/// <param name="time">The clock.</param>
/// <param name="changed">Called after a change.</param>
internal sealed class NodeWatch(StateWriter writer, CoordinatorAlerts options, TimeProvider time, Action changed) : ITailnetObserver
{
    readonly ConcurrentDictionary<long, FaultReport> offline = new();

    /// <summary>Looks at every node, and from then on at those that change.</summary>
    public void Start()
    {
        writer.Observe(this);
        foreach (NodeRecord node in writer.Current.Nodes.Values)
        {
            Judge(node.Id, node);
        }

        changed();
    }

    /// <inheritdoc/>
    public void Published(TailnetEdit edit)
    {
        bool isOther = false;
        foreach (long id in edit.ShownNodes)
        {
            isOther |= Judge(id, edit.Current.Nodes.GetValueOrDefault(id));
        }

        if (isOther)
        {
            changed();
        }
    }

    /// <summary>All that is wrong now, by topic.</summary>
    public IEnumerable<KeyValuePair<string, FaultReport>> Faults()
    {
        DateTimeOffset now = time.GetUtcNow();
        foreach ((long id, FaultReport report) in offline)
        {
            yield return new("node:" + Number(id), report);
        }

        foreach (NodeRecord node in writer.Current.Nodes.Values)
        {
            if (node.KeyExpiry is { } expiry && IsWatched(node) && expiry - now < options.KeyWarning)
            {
                yield return new("node-key:" + Number(node.Id), expiry <= now
                    ? Health.Faults.GatewayKeyExpired.With(node.Label, Text(expiry))
                    : Health.Faults.GatewayKeyExpiring.With(node.Label, Text(expiry)));
            }
        }
    }

    // True when there is something else to say of the node than before.
    bool Judge(long id, NodeRecord? node)
    {
        if (node is null || node.Online || !node.Mapped || !IsWatched(node))
        {
            return offline.TryRemove(id, out _);
        }

        FaultReport report = Health.Faults.GatewayOffline.With(node.Label, node.LastSeen is { } seen ? Text(seen) : "an unknown time");
        bool isOther = !offline.TryGetValue(id, out FaultReport? said) || said != report;
        offline[id] = report;
        return isOther;
    }

    bool IsWatched(NodeRecord node) => !node.Ephemeral && (options.Tags.Count == 0 ? !node.Tags.IsEmpty : node.Tags.Any(options.Tags.Contains));

    static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    static string Number(long id) => id.ToString(CultureInfo.InvariantCulture);
}
