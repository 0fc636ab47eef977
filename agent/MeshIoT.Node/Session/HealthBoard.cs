using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Health;

namespace MeshIoT.Node.Session;

/// <summary>The faults that hold now, at most one per topic. Any thread.</summary>
internal sealed class HealthBoard(Action changed)
{
    readonly Dictionary<HealthTopic, FaultReport> reports = [];
    volatile FaultReport[] current = [];

    /// <summary>All of them, the worst first.</summary>
    public IReadOnlyList<FaultReport> Current => current;

    /// <summary>This is what there is to say on the topic.</summary>
    public void Set(HealthTopic topic, FaultReport report)
    {
        lock (reports)
        {
            if (reports.TryGetValue(topic, out FaultReport? known) && known == report)
            {
                return;
            }

            reports[topic] = report;
            Publish();
        }

        changed();
    }

    /// <summary>All is well on these topics.</summary>
    public void Clear(params ReadOnlySpan<HealthTopic> topics)
    {
        bool any = false;
        lock (reports)
        {
            foreach (HealthTopic topic in topics)
            {
                any |= reports.Remove(topic);
            }

            if (any)
            {
                Publish();
            }
        }

        if (any)
        {
            changed();
        }
    }

    void Publish() => current = [.. reports
        .OrderByDescending(static entry => entry.Value.Fault.Severity).ThenBy(static entry => entry.Key).Select(static entry => entry.Value)];
}
