using System;
using System.Collections.Generic;
using System.Linq;

namespace MeshIoT.Health;

/// <summary>The faults that hold now, at most one per topic. Any thread.</summary>
/// <typeparam name="TTopic">What a fault is about: an enumeration, or a text like "sensor:greenhouse".</typeparam>
/// <param name="changed">Called after every change, on the thread that made it.</param>
public class FaultBoard<TTopic>(Action changed)
    where TTopic : notnull
{
    readonly Dictionary<TTopic, FaultReport> reports = [];
    volatile FaultReport[] current = [];

    /// <summary>All of them, the worst first; what several topics say in the same words stands once.</summary>
    public IReadOnlyList<FaultReport> Current => current;

    /// <summary>All of them with their topics, as they are now.</summary>
    public IReadOnlyList<KeyValuePair<TTopic, FaultReport>> Entries
    {
        get
        {
            lock (reports)
            {
                return [.. reports];
            }
        }
    }

    /// <summary>This is what there is to say on the topic.</summary>
    public void Set(TTopic topic, FaultReport report)
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

    /// <summary>Says <paramref name="report"/> on the topic, or with null that all is well there.</summary>
    public void Show(TTopic topic, FaultReport? report)
    {
        if (report is null)
        {
            Clear(topic);
        }
        else
        {
            Set(topic, report);
        }
    }

    /// <summary>All is well on these topics.</summary>
    public void Clear(params ReadOnlySpan<TTopic> topics)
    {
        bool any = false;
        lock (reports)
        {
            foreach (TTopic topic in topics)
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

    /// <summary>All is well on every topic that <paramref name="over"/> picks.</summary>
    public void ClearWhere(Func<TTopic, bool> over)
    {
        TTopic[] topics;
        lock (reports)
        {
            topics = [.. reports.Keys.Where(over)];
        }

        Clear(topics);
    }

    // By hand: to sort pairs by two keys with Enumerable is 30 KB of native code for each kind of topic.
    void Publish()
    {
        TTopic[] topics = [.. reports.Keys];
        Array.Sort(topics);
        List<FaultReport> sorted = new(topics.Length);
        for (Severity severity = Severity.High; severity >= Severity.Low; severity--)
        {
            foreach (TTopic topic in topics)
            {
                FaultReport report = reports[topic];
                if (report.Fault.Severity == severity && !sorted.Contains(report))
                {
                    sorted.Add(report);
                }
            }
        }

        current = [.. sorted];
    }
}
