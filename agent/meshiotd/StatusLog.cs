using System;
using System.Collections.Generic;
using System.Threading;
using MeshIoT.Health;
using MeshIoT.Node;

namespace MeshIoT.Agent;

/// <summary>Writes a line when the node's state changes, and when a fault appears or goes away.</summary>
internal sealed class StatusLog : IDisposable
{
    readonly TailnetNode node;
    readonly Lock gate = new();
    readonly HashSet<string> open = new(StringComparer.Ordinal);
    string said = "";
    Uri? page;

    public StatusLog(TailnetNode node)
    {
        this.node = node;
        node.StatusChanged += Look;
        Look();
    }

    void Look()
    {
        lock (gate)
        {
            NodeStatus status = node.Status;
            string line = status.BackendState == BackendState.Running
                ? $"running as {status.Self.Name}, {string.Join(", ", status.Self.Addresses)}"
                : $"state {status.BackendState}";
            if (line != said)
            {
                said = line;
                Log.Info(line);
            }

            if (status.AuthUrl != page)
            {
                page = status.AuthUrl;
                Log.Info(page is null ? "no page to open any more" : $"to let this node in, open {page.AbsoluteUri}");
            }

            HashSet<string> now = new(StringComparer.Ordinal);
            foreach (FaultReport fault in status.Health)
            {
                if (now.Add(fault.Fault.Code) && open.Add(fault.Fault.Code))
                {
                    Log.Warning(fault.ToString());
                }
            }

            foreach (string code in open)
            {
                if (!now.Contains(code))
                {
                    Log.Info($"{code} is over");
                }
            }

            open.IntersectWith(now);
        }
    }

    public void Dispose() => node.StatusChanged -= Look;
}
