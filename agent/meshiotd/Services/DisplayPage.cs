using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Sockets;
using MeshIoT.Health;
using MeshIoT.Node;
using MeshIoT.Sensors.Display;

namespace MeshIoT.Agent.Services;

/// <summary>Puts into words what a gateway's display says: who it is, where it is reached, how it is, and what a person must do.</summary>
internal static class DisplayPage
{
    /// <summary>The page for this state.</summary>
    /// <param name="status">The node.</param>
    /// <param name="others">Faults of the gateway's other parts.</param>
    public static StatusPage Of(NodeStatus status, IReadOnlyList<FaultReport> others)
    {
        string full = status.Self.Name.Length > 0 ? status.Self.Name : status.Self.HostName;
        int dot = full.IndexOf('.', StringComparison.Ordinal);
        string name = dot > 0 ? full[..dot] : full;
        if (status.AuthUrl is { } page)
        {
            return new StatusPage(name, ["scan to let it in"], page.AbsoluteUri);
        }

        List<string> lines = [];
        if (status.Self.Addresses.FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork) is { } address)
        {
            lines.Add(address.ToString());
        }

        lines.Add(Say(status));
        FaultReport? worst = status.Health.Concat(others).OrderByDescending(f => f.Fault.Severity).FirstOrDefault();
        if (worst is { Fault.Severity: not Severity.Low })
        {
            lines.Add(worst.Message);
        }

        return new StatusPage(name, lines);
    }

    static string Say(NodeStatus status) => status.BackendState switch
    {
        BackendState.NeedsLogin => "not in a tailnet: run meshiot up",
        BackendState.NeedsMachineAuth => "waits for approval",
        BackendState.Running when !status.CoordinatorConnected => "up, no coordinator",
        BackendState.Running => "up",
        BackendState.Stopped => "down",
        _ => "starting",
    };
}
