using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using MeshIoT.Crypto;
using MeshIoT.Tailcfg;

namespace MeshIoT.Coordinator;

/// <summary>
/// Builds the JSON of map frames. A node whose key has expired sees nobody. Nulls and empty lists never go out: some clients reject them,
/// others read them differently. control-plane.md sections 5.3 and 7.4.
/// </summary>
internal sealed class MapFrames(CoordinatorOptions options, NodeView view, PeerJson peers, TimeProvider time)
{
    const int TypicalFrame = 4096;

    /// <summary>The peers of <paramref name="node"/>, as far as it is shown any.</summary>
    public static IEnumerable<long> Seen(Tailnet tailnet, NodeRecord? node) => node is null or { Expired: true } ? [] : tailnet.Access.Peers(node.Id);

    /// <summary>The first frame of a stream: everything that <paramref name="self"/> may know.</summary>
    public MapFrame First(Tailnet tailnet, NodeRecord self, NodePublicKey key)
    {
        List<NodeRecord> visible = [.. Seen(tailnet, self).Select(id => tailnet.Nodes[id])];
        MapResponse head = new()
        {
            Node = view.ToSelf(tailnet, self, key),
            DERPMap = options.DerpMap,
            DNSConfig = new DnsConfig { Proxied = true, Domains = [options.BaseDomain] },
            Domain = options.BaseDomain,
            CollectServices = false,
            PacketFilters = FilterOf(tailnet, self),
            UserProfiles = [.. visible.Select(n => n.UserId).Append(self.UserId).Where(id => id != 0).Distinct().Order()
                .Select(id => view.OwnerOf(tailnet, id).ToProfile()).Append(Owner.TaggedDevices.ToProfile())],
            SSHPolicy = tailnet.Access.Ssh(self.Id) is null ? null : SshOf(tailnet, self),
            ControlTime = time.GetUtcNow(),
            Debug = new Debug { DisableLogTail = true },
        };
        return Compose(tailnet.Revision, head, ",\"Peers\":["u8, visible.Select(n => JsonOf(tailnet, self.Id, n)).ToList());
    }

    /// <summary>A later frame: what has changed.</summary>
    /// <param name="tailnet">What it leads to.</param>
    /// <param name="self">Whose stream it is for; null when <paramref name="notes"/> hold nothing that is for one node alone.</param>
    /// <param name="key">The node key that its stream was opened with.</param>
    /// <param name="notes">What it is to say.</param>
    /// <param name="items">What the numbers in them mean.</param>
    public MapFrame Delta(Tailnet tailnet, NodeRecord? self, NodePublicKey key, StreamNotes notes, IReadOnlyList<MapItem> items)
    {
        List<long> removed = [];
        List<byte[]> changed = [];
        List<PeerChange> patches = [];
        SortedSet<long> users = notes.Users;
        foreach (int index in notes.Items)
        {
            MapItem item = items[index];
            if (item.Whole is { } json)
            {
                changed.Add(json);
                if (item.IsNew && tailnet.Nodes[item.Id].UserId is > 0 and var user)
                {
                    users = users.Count == 0 ? [user] : users;
                    users.Add(user);
                }
            }
            else if (item.Patch is { } patch)
            {
                patches.Add(patch);
            }
            else
            {
                removed.Add(item.Id);
            }
        }

        MapResponse head = new()
        {
            Node = self is not null && notes.Self ? view.ToSelf(tailnet, self, key) : null,
            PacketFilters = self is not null && notes.Filter ? FilterOf(tailnet, self) : null,
            SSHPolicy = self is not null && notes.Ssh ? SshOf(tailnet, self) : null,
            PeersRemoved = removed.Count > 0 ? removed : null,
            PeersChangedPatch = patches.Count > 0 ? patches : null,
            UserProfiles = users.Count > 0 ? [.. users.Select(id => view.OwnerOf(tailnet, id).ToProfile())] : null,
            ControlTime = self is not null && notes.Self ? time.GetUtcNow() : null,
        };
        return Compose(tailnet.Revision, head, ",\"PeersChanged\":["u8, changed);
    }

    /// <summary>The last frame for a node that has been removed: its key is over, so that its client asks to log in.</summary>
    public MapFrame Farewell(Tailnet was, NodeRecord self, NodePublicKey key)
    {
        long[] shown = [.. Seen(was, self)];
        NodeRecord over = self with { KeyExpiry = time.GetUtcNow().AddSeconds(-1), Expired = true };
        MapResponse head = new() { Node = view.ToSelf(was, over, key), PacketFilters = FilterOf(was, over), PeersRemoved = shown.Length > 0 ? shown : null, ControlTime = time.GetUtcNow() };
        return Compose(long.MaxValue, head, default, []);
    }

    /// <summary>What <paramref name="viewer"/> gets of <paramref name="node"/>.</summary>
    public byte[] JsonOf(Tailnet tailnet, long viewer, NodeRecord node) => peers.Of(tailnet, node, tailnet.Access.AllowedIPs(viewer, node.Id));

    /// <summary>Who may log in by SSH, for a frame; an empty list where nobody may.</summary>
    public static SshPolicy SshOf(Tailnet tailnet, NodeRecord self) => tailnet.Access.Ssh(self.Id) ?? new SshPolicy { Rules = [] };

    /// <summary>The packet filter of <paramref name="self"/>; that of an expired node lets nothing in.</summary>
    public static Dictionary<string, IReadOnlyList<FilterRule>?> FilterOf(Tailnet tailnet, NodeRecord self) =>
        new() { ["base"] = self.Expired ? [] : tailnet.Access.Filter(self.Id) };

    // {"Node":…} without its brace, ,"Peers":[…] and the brace: the peers' JSON is copied, not made again.
    static MapFrame Compose(long revision, MapResponse head, ReadOnlySpan<byte> list, IReadOnlyList<byte[]> nodes)
    {
        using PooledBuffer frame = new(TypicalFrame);
        using (Utf8JsonWriter writer = new(frame, new JsonWriterOptions { Encoder = TailcfgJson.Default.Options.Encoder, SkipValidation = true }))
        {
            JsonSerializer.Serialize(writer, head, TailcfgJson.Default.MapResponse);
        }

        if (nodes.Count > 0)
        {
            // A head that says nothing is {}: then the list is the first member.
            bool isFirst = frame.Written.Length == 2;
            frame.Retract(1);
            frame.Write(isFirst ? list[1..] : list);
            for (int i = 0; i < nodes.Count; i++)
            {
                if (i > 0)
                {
                    frame.Write(","u8);
                }

                frame.Write(nodes[i]);
            }

            frame.Write("]}"u8);
        }

        return new MapFrame(frame.Written.ToArray(), revision);
    }
}
