using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text.Json;
using MeshIoT.Tailcfg;

namespace MeshIoT.Coordinator;

/// <summary>
/// Builds the JSON of map frames. Every node sees every other, and may send it anything, until a policy says otherwise;
/// a node whose key has expired sees nobody. Nulls and empty lists never go out: some clients reject them, others read them differently.
/// </summary>
internal sealed class MapFrames(CoordinatorOptions options, NodeView view, Owner user, PeerJson peers, TimeProvider time)
{
    const int TypicalFrame = 4096;

    static readonly Dictionary<string, IReadOnlyList<FilterRule>?> AllowAll = new()
    {
        ["base"] = [new FilterRule { SrcIPs = ["*"], DstPorts = [new NetPortRange { IP = "*", Ports = PortRange.Any }] }],
    };

    static readonly Dictionary<string, IReadOnlyList<FilterRule>?> DenyAll = new() { ["base"] = [] };

    /// <summary>The first frame of a stream: everything <paramref name="self"/> may know, with all <paramref name="visible"/> peers.</summary>
    public PooledBuffer First(NodeRecord self, IReadOnlyList<NodeRecord> visible)
    {
        DateTimeOffset now = time.GetUtcNow();
        MapResponse head = new()
        {
            Node = view.ToSelf(self, now),
            DERPMap = options.DerpMap,
            DNSConfig = new DnsConfig { Proxied = true, Domains = [options.BaseDomain] },
            Domain = options.BaseDomain,
            CollectServices = false,
            PacketFilters = FilterFor(self, now),
            UserProfiles = [user.ToProfile(), Owner.TaggedDevices.ToProfile()],
            ControlTime = now,
            Debug = new Debug { DisableLogTail = true },
        };
        return Compose(head, ",\"Peers\":["u8, visible);
    }

    /// <summary>A later frame: what has changed.</summary>
    /// <param name="self">Whose stream it is; null when of it nothing is new.</param>
    /// <param name="changed">Peers that are new or different.</param>
    /// <param name="removed">Peers that are gone.</param>
    public PooledBuffer Next(NodeRecord? self, IReadOnlyList<NodeRecord> changed, IReadOnlyList<long> removed)
    {
        DateTimeOffset now = time.GetUtcNow();
        MapResponse head = new()
        {
            Node = self is null ? null : view.ToSelf(self, now),
            PacketFilters = self is null ? null : FilterFor(self, now),
            PeersRemoved = removed.Count > 0 ? removed : null,
            ControlTime = now,
        };
        return Compose(head, ",\"PeersChanged\":["u8, changed);
    }

    /// <summary>The last frame for a node that has been removed: its key is over, so that its client asks to log in.</summary>
    public PooledBuffer Farewell(NodeRecord self, IReadOnlyList<long> shown) =>
        Next(self with { KeyExpiry = time.GetUtcNow().AddSeconds(-1) }, [], shown);

    static Dictionary<string, IReadOnlyList<FilterRule>?> FilterFor(NodeRecord self, DateTimeOffset now) => self.IsExpired(now) ? DenyAll : AllowAll;

    // {"Node":…} without its brace, ,"Peers":[…] and the brace: the peers' JSON is copied, not made again.
    PooledBuffer Compose(MapResponse head, ReadOnlySpan<byte> list, IReadOnlyList<NodeRecord> nodes)
    {
        PooledBuffer frame = new(TypicalFrame);
        using (Utf8JsonWriter writer = new(frame, new JsonWriterOptions { Encoder = TailcfgJson.Default.Options.Encoder, SkipValidation = true }))
        {
            JsonSerializer.Serialize(writer, head, TailcfgJson.Default.MapResponse);
        }

        if (nodes.Count == 0)
        {
            return frame;
        }

        frame.Retract(1);
        for (int i = 0; i < nodes.Count; i++)
        {
            frame.Write(i == 0 ? list : ","u8);
            frame.Write(peers.Of(nodes[i]));
        }

        frame.Write("]}"u8);
        return frame;
    }
}
