using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text.Json;
using MeshIoT.Tailcfg;

namespace MeshIoT.Coordinator;

/// <summary>
/// Builds the JSON of map frames. Every node sees every other, and may send it anything, until a policy says otherwise.
/// Nulls and empty lists never go out: some clients reject them, others read them differently.
/// </summary>
internal sealed class MapFrames(CoordinatorOptions options, NodeView view, Owner user, PeerJson peers, TimeProvider time)
{
    static readonly Dictionary<string, IReadOnlyList<FilterRule>?> AllowAll = new()
    {
        ["base"] = [new FilterRule { SrcIPs = ["*"], DstPorts = [new NetPortRange { IP = "*", Ports = PortRange.Any }] }],
    };

    static readonly Dictionary<string, IReadOnlyList<FilterRule>?> DenyAll = new() { ["base"] = [] };

    /// <summary>The first frame of a stream: everything <paramref name="self"/> may know.</summary>
    public ReadOnlyMemory<byte> First(Tailnet tailnet, NodeRecord self)
    {
        DateTimeOffset now = time.GetUtcNow();
        bool expired = self.IsExpired(now);
        MapResponse head = new()
        {
            Node = view.ToSelf(self, now),
            DERPMap = options.DerpMap,
            DNSConfig = new DnsConfig { Proxied = true, Domains = [options.BaseDomain] },
            Domain = options.BaseDomain,
            CollectServices = false,
            PacketFilters = expired ? DenyAll : AllowAll,
            UserProfiles = [user.ToProfile(), Owner.TaggedDevices.ToProfile()],
            ControlTime = now,
            Debug = new Debug { DisableLogTail = true },
        };
        return Compose(head, tailnet, expired ? null : self);
    }

    /// <summary>A later frame: all peers again, and the node itself when something of it is new.</summary>
    /// <param name="tailnet">The tailnet to show.</param>
    /// <param name="self">Whose stream it is.</param>
    /// <param name="selfChanged">True when its own part has changed since the last frame.</param>
    /// <param name="shown">The peers of the last frame: a netmap that has lost its last peer says whom.</param>
    public ReadOnlyMemory<byte> Next(Tailnet tailnet, NodeRecord self, bool selfChanged, IReadOnlyCollection<long> shown)
    {
        DateTimeOffset now = time.GetUtcNow();
        bool expired = self.IsExpired(now);
        MapResponse head = new()
        {
            Node = selfChanged ? view.ToSelf(self, now) : null,
            PacketFilters = selfChanged ? (expired ? DenyAll : AllowAll) : null,
            ControlTime = now,
        };
        bool alone = expired || tailnet.Nodes.Count <= 1;
        head.PeersRemoved = alone && shown.Count > 0 ? [.. shown] : null;
        return Compose(head, tailnet, alone ? null : self);
    }

    /// <summary>The last frame for a node that has been removed: its key is over, so that its client asks to log in.</summary>
    public ReadOnlyMemory<byte> Farewell(NodeRecord self, IReadOnlyCollection<long> shown)
    {
        DateTimeOffset now = time.GetUtcNow();
        Node node = view.ToSelf(self with { KeyExpiry = now.AddSeconds(-1) }, now);
        MapResponse frame = new() { Node = node, PacketFilters = DenyAll, ControlTime = now, PeersRemoved = shown.Count > 0 ? [.. shown] : null };
        return JsonSerializer.SerializeToUtf8Bytes(frame, TailcfgJson.Default.MapResponse);
    }

    // {"Node":…} + ,"Peers":[…] + }: the peers' JSON is copied, not made again.
    ReadOnlyMemory<byte> Compose(MapResponse head, Tailnet tailnet, NodeRecord? viewer)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(head, TailcfgJson.Default.MapResponse);
        if (viewer is null || tailnet.Nodes.Count <= 1)
        {
            return json;
        }

        ArrayBufferWriter<byte> frame = new(json.Length + (tailnet.Nodes.Count * 700));
        frame.Write(json.AsSpan(0, json.Length - 1));
        frame.Write(",\"Peers\":["u8);
        int count = 0;
        foreach (NodeRecord node in tailnet.Nodes.Values)
        {
            if (node.Id != viewer.Id)
            {
                frame.Write(count++ == 0 ? ""u8 : ","u8);
                frame.Write(peers.Of(node));
            }
        }

        frame.Write("]}"u8);
        return frame.WrittenMemory;
    }
}
