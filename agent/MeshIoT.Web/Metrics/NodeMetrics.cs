using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Health;
using MeshIoT.Node;

namespace MeshIoT.Web.Metrics;

/// <summary>The node as metrics, in the words that Tailscale's own client metrics have, under our prefix.</summary>
internal static class NodeMetrics
{
    public static void Write(MetricWriter to, NodeStatus node, DateTimeOffset now)
    {
        to.Single("meshiot_running", "gauge", "1 while the node has its place in the tailnet.", node.BackendState == BackendState.Running ? 1 : 0);
        to.Single("meshiot_coordinator_connected", "gauge", "1 while the coordinator is connected.", node.CoordinatorConnected ? 1 : 0);
        if (node.HomeRelay is { } home)
        {
            to.Single("meshiot_home_derp_region_id", "gauge", "Number of the home relay's region.", home.Region);
        }

        if (node.KeyExpiry is { } expiry)
        {
            to.Single("meshiot_key_expiry_seconds", "gauge", "Seconds until the node's key expires.", Math.Round((expiry - now).TotalSeconds));
        }

        to.Family("meshiot_peers", "gauge", "Nodes that this one may know, by how they are reached now.");
        (int direct, int relayed, int idle, int offline) = (0, 0, 0, 0);
        foreach (PeerStatus peer in node.Peers)
        {
            ref int count = ref offline;
            if (peer.Endpoint is not null)
            {
                count = ref direct;
            }
            else if (peer.Relay is not null)
            {
                count = ref relayed;
            }
            else if (peer.Online ?? false)
            {
                count = ref idle;
            }

            count++;
        }

        to.Sample(direct, ("state", "direct"));
        to.Sample(relayed, ("state", "derp"));
        to.Sample(idle, ("state", "idle"));
        to.Sample(offline, ("state", "offline"));
    }

    public static void Write(MetricWriter to, NodeTraffic traffic)
    {
        Family("meshiot_inbound_bytes_total", "Bytes of WireGuard messages received, by path.", static path => path.BytesIn);
        Family("meshiot_inbound_packets_total", "WireGuard messages received, by path.", static path => path.PacketsIn);
        Family("meshiot_outbound_bytes_total", "Bytes of WireGuard messages sent, by path.", static path => path.BytesOut);
        Family("meshiot_outbound_packets_total", "WireGuard messages sent, by path.", static path => path.PacketsOut);
        foreach (bool isInbound in (ReadOnlySpan<bool>)[true, false])
        {
            if (!traffic.Drops.Any(drops => drops.IsInbound == isInbound))
            {
                continue;
            }

            to.Family(isInbound ? "meshiot_inbound_dropped_packets_total" : "meshiot_outbound_dropped_packets_total", "counter", "Packets that were let go, by reason.");
            foreach (PacketDrops drops in traffic.Drops.Where(drops => drops.IsInbound == isInbound))
            {
                to.Sample(drops.Packets, ("reason", drops.Reason));
            }
        }

        to.Family("meshiot_offload_active", "gauge", "1 while the kernel does this for many packets at once.");
        foreach (OffloadState offload in traffic.Offloads)
        {
            to.Sample(offload.IsActive ? 1 : 0, ("offload", offload.Name));
        }

        void Family(string name, string help, Func<PathTraffic, long> value)
        {
            to.Family(name, "counter", help);
            foreach (PathTraffic path in traffic.Paths)
            {
                to.Sample(value(path), ("path", path.Path));
            }
        }
    }

    public static void Write(MetricWriter to, IEnumerable<FaultReport> health)
    {
        List<FaultReport> all = [.. health];
        to.Family("meshiot_health_messages", "gauge", "What is wrong now.");
        to.Sample(all.Count, ("type", "warning"));
        if (all.Count > 0)
        {
            to.Family("meshiot_fault", "gauge", "How often each fault of the catalogue holds now.");
            foreach (IGrouping<Fault, FaultReport> fault in all.GroupBy(static report => report.Fault))
            {
                to.Sample(fault.Count(), ("code", fault.Key.Code), ("severity", fault.Key.Severity switch { Severity.Low => "low", Severity.Medium => "medium", _ => "high" }));
            }
        }
    }
}
