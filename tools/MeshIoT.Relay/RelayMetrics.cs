using System.Globalization;
using System.Text;

namespace MeshIoT.Relay;

/// <summary>The relay's figures in the text form of Prometheus (version 0.0.4).</summary>
internal static class RelayMetrics
{
    public static string Write(RelayCounters c, RelayContext context, StunPort? stun, int meshLinks)
    {
        StringBuilder text = new();
        Gauge("connections", "Open connections.", context.Connections.Total);
        Gauge("clients", "Connections that have proved a key.", context.Registry.Sessions);
        Gauge("client_keys", "Different keys connected.", context.Registry.Keys);
        Gauge("shared_keys", "Keys with more than one connection.", context.Registry.SharedKeys);
        Gauge("home_clients", "Clients that call this relay their home.", context.Registry.Homes);
        Gauge("queued_bytes", "Bytes that wait for slow clients.", context.Queued.Used);
        Gauge("mesh_links", "Other relays of the region that tell us of their clients.", meshLinks);
        Gauge("mesh_keys", "Keys at other relays of the region.", context.Registry.KeysElsewhere);
        Counter("accepted_total", "Connections taken.", c.Accepted);
        Counter("turned_away_total", "Connections refused for their number.", c.TurnedAway);
        Counter("handshakes_failed_total", "Connections that did not get as far as packets.", c.HandshakesFailed);
        Counter("not_admitted_total", "Clients whose key was not admitted.", c.NotAdmitted);
        Counter("replayed_total", "Client infos shown a second time.", c.Replayed);
        Counter("http_requests_total", "HTTP requests.", c.HttpRequests);
        Counter("frames_in_total", "Frames of clients.", c.FramesIn);
        Counter("packets_in_total", "Packets of clients.", c.PacketsIn);
        Counter("bytes_in_total", "Bytes in them.", c.BytesIn);
        Counter("packets_out_total", "Packets for clients.", c.PacketsOut);
        Counter("bytes_out_total", "Bytes in them.", c.BytesOut);
        Counter("forwarded_in_total", "Packets from other relays of the region.", c.PacketsForwardedIn);
        Counter("forwarded_out_total", "Packets to other relays of the region.", c.PacketsForwardedOut);
        Head("dropped_total", "Packets dropped.", "counter");
        Sample("dropped_total", "{reason=\"unknown_destination\"}", c.DropsUnknown);
        Sample("dropped_total", "{reason=\"queue_head\"}", c.DropsQueueHead);
        Counter("unknown_frames_total", "Frames of unknown types, skipped.", c.UnknownFrames);
        Counter("protocol_errors_total", "Connections closed for what they sent.", c.ProtocolErrors);
        Counter("write_timeouts_total", "Clients closed for taking nothing.", c.WriteTimeouts);
        Counter("peer_gone_total", "Times a client was told that a peer is gone.", c.PeerGoneSent);
        Counter("pings_total", "Pings.", c.Pings);
        Counter("rate_delays_total", "Times reading paused for a rate limit.", c.RateDelays);
        if (stun is not null)
        {
            Counter("stun_answered_total", "STUN questions answered.", stun.Answered);
            Counter("stun_ignored_total", "Datagrams that are no question of a node.", stun.Ignored);
            Counter("stun_limited_total", "STUN questions over the rate.", stun.Limited);
        }

        return text.ToString();

        void Gauge(string name, string help, long value)
        {
            Head(name, help, "gauge");
            Sample(name, "", value);
        }

        void Counter(string name, string help, long value)
        {
            Head(name, help, "counter");
            Sample(name, "", value);
        }

        void Head(string name, string help, string type) =>
            text.Append(CultureInfo.InvariantCulture, $"# HELP meshiot_relay_{name} {help}\n# TYPE meshiot_relay_{name} {type}\n");

        void Sample(string name, string labels, long value) =>
            text.Append(CultureInfo.InvariantCulture, $"meshiot_relay_{name}{labels} {value}\n");
    }
}
