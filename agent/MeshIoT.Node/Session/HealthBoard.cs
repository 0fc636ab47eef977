using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Health;

namespace MeshIoT.Node.Session;

/// <summary>The faults that hold now, one per code. Any thread.</summary>
internal sealed class HealthBoard(Action changed)
{
    readonly Dictionary<string, FaultReport> reports = [];
    volatile FaultReport[] current = [];

    /// <summary>All of them, the worst first.</summary>
    public IReadOnlyList<FaultReport> Current => current;

    /// <summary>The fault holds, with these words.</summary>
    public void Set(FaultReport report)
    {
        lock (reports)
        {
            if (reports.TryGetValue(report.Fault.Code, out FaultReport? known) && known.Message == report.Message)
            {
                return;
            }

            reports[report.Fault.Code] = report;
            Publish();
        }

        changed();
    }

    /// <summary>The faults hold no more.</summary>
    public void Clear(params ReadOnlySpan<Fault> faults)
    {
        bool any = false;
        lock (reports)
        {
            foreach (Fault fault in faults)
            {
                any |= reports.Remove(fault.Code);
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

    void Publish() => current = [.. reports.Values
        .OrderByDescending(static report => report.Fault.Severity).ThenBy(static report => report.Fault.Code, StringComparer.Ordinal)];
}
