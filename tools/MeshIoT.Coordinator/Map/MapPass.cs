using System.Collections.Generic;
using System.Linq;
using System.Net;
using MeshIoT.Tailcfg;

namespace MeshIoT.Coordinator;

/// <summary>
/// One pass from the tailnet that streams were last told of to the present one. First each changed node is compared with itself and what its
/// viewers need is noted with each of them that has a stream; then streams whose notes are the same get the same frame.
/// </summary>
/// <param name="hub">Has the streams.</param>
/// <param name="frames">Makes the frames.</param>
/// <param name="was">What the streams have been told of.</param>
/// <param name="now">What they are to be told of.</param>
/// <param name="only">The one stream that the pass is for; null: those that follow from pass to pass.</param>
internal sealed class MapPass(MapHub hub, MapFrames frames, Tailnet was, Tailnet now, MapStream? only)
{
    readonly Dictionary<MapStream, StreamNotes> notes = [];
    readonly List<MapItem> items = [];
    readonly Dictionary<long, int> removed = [];
    readonly Dictionary<(long Node, bool IsNew, string Routes), int> whole = [];

    /// <summary>Hands every stream that <paramref name="changes"/> concern its frame.</summary>
    public void Run(MapChanges changes)
    {
        foreach (long id in changes.Nodes)
        {
            Note(id, changes.Access.Contains(id));
        }

        NoteUsers(changes.Users);
        if (changes.Rules)
        {
            NoteRules();
        }

        Dictionary<StreamNotes, MapFrame> made = new(StreamNotes.ByItems);
        foreach ((MapStream stream, StreamNotes note) in notes)
        {
            Send(stream, note, made);
        }
    }

    void Note(long id, bool hasNewAccess)
    {
        was.Nodes.TryGetValue(id, out NodeRecord? old);
        now.Nodes.TryGetValue(id, out NodeRecord? node);
        MapStream? own = StreamOf(id);
        if (only is not null && own is null && ReferenceEquals(old, node) && !hasNewAccess)
        {
            return;
        }

        if (node is null)
        {
            Dismiss(own, old);
        }
        else if (own is not null)
        {
            NoteSelf(own, old, node, hasNewAccess);
        }

        PeerDiff diff = old is null || node is null ? default : PeerDiff.Between(old, NodeView.Serving(was, old), node, NodeView.Serving(now, node));
        if (!hasNewAccess && diff.IsNothing)
        {
            return;
        }

        int patch = diff.Patch is { } change ? Add(new MapItem(id, null, change, false)) : -1;
        foreach (long viewer in Viewers(now, id))
        {
            if (StreamOf(viewer) is not { } stream || now.Nodes[viewer].Expired)
            {
                continue;
            }

            StreamNotes note = NotesOf(stream);
            note.Access |= hasNewAccess;
            if (hasNewAccess && !was.Access.CanSee(viewer, id))
            {
                note.Items.Add(Whole(viewer, node!, isNew: true));
            }
            else if (diff.IsWhole || (hasNewAccess && RoutesDiffer(viewer, old, node!)))
            {
                note.Items.Add(Whole(viewer, node!, old?.UserId != node!.UserId));
            }
            else if (patch >= 0)
            {
                note.Items.Add(patch);
            }
        }

        if (hasNewAccess && old is not null)
        {
            NoteHidden(id);
        }
    }

    void Dismiss(MapStream? own, NodeRecord? old)
    {
        if (own is not null && old is not null)
        {
            hub.Send(own, frames.Farewell(was, old, own.Key));
        }

        own?.End();
    }

    void NoteHidden(long id)
    {
        foreach (long viewer in Viewers(was, id))
        {
            if (StreamOf(viewer) is { } stream && !now.Access.CanSee(viewer, id))
            {
                StreamNotes note = NotesOf(stream);
                note.Access = true;
                note.Items.Add(Removed(id));
            }
        }
    }

    // The node's own stream: itself, and when it sees others than before, those.
    void NoteSelf(MapStream own, NodeRecord? old, NodeRecord node, bool hasNewAccess)
    {
        if (old is null || PeerDiff.SelfDiffers(old, NodeView.Serving(was, old), node, NodeView.Serving(now, node)))
        {
            NotesOf(own).Self = true;
        }

        if (hasNewAccess || old?.Expired != node.Expired)
        {
            NotePeers(own, old, node);
        }
    }

    void NotePeers(MapStream own, NodeRecord? old, NodeRecord node)
    {
        HashSet<long> before = [.. MapFrames.Seen(was, old)];
        StreamNotes note = NotesOf(own);
        note.Access = true;
        foreach (long peer in MapFrames.Seen(now, node))
        {
            if (!before.Remove(peer))
            {
                note.Items.Add(Whole(node.Id, now.Nodes[peer], isNew: true));
            }
            else if (RoutesDiffer(node.Id, was.Nodes.GetValueOrDefault(peer), now.Nodes[peer]))
            {
                note.Items.Add(Whole(node.Id, now.Nodes[peer], isNew: false));
            }
        }

        foreach (long gone in before)
        {
            note.Items.Add(Removed(gone));
        }
    }

    // Every stream's whole view is compared: what it costs is what an administrator's change of policy costs.
    void NoteRules()
    {
        foreach (MapStream stream in only is null ? hub.Following() : [only])
        {
            if (now.Nodes.TryGetValue(stream.NodeId, out NodeRecord? node))
            {
                NotePeers(stream, was.Nodes.GetValueOrDefault(stream.NodeId), node);
            }
        }
    }

    void NoteUsers(HashSet<long> users)
    {
        if (users.Count == 0)
        {
            return;
        }

        foreach (NodeRecord node in now.Nodes.Values.Where(n => users.Contains(n.UserId)))
        {
            foreach (long viewer in Viewers(now, node.Id).Append(node.Id))
            {
                if (StreamOf(viewer) is { } stream)
                {
                    NotesOf(stream).Users.Add(node.UserId);
                }
            }
        }
    }

    void Send(MapStream stream, StreamNotes note, Dictionary<StreamNotes, MapFrame> made)
    {
        if (!now.Nodes.TryGetValue(stream.NodeId, out NodeRecord? self))
        {
            return;
        }

        NodeRecord? old = was.Nodes.GetValueOrDefault(stream.NodeId);
        if (note.Access)
        {
            note.Filter = old is null || old.Expired != self.Expired || !now.Access.HasSameFilter(was.Access, self.Id);
            note.Ssh = !now.Access.HasSameSsh(was.Access, self.Id);
            note.Self |= !now.Access.HasSameCaps(was.Access, self.Id);
        }

        note.Seal();
        if (note.IsEmpty)
        {
            return;
        }

        if (note.IsShared && made.TryGetValue(note, out MapFrame? same))
        {
            hub.Send(stream, same);
            return;
        }

        MapFrame frame = frames.Delta(now, note.IsShared ? null : self, stream.Key, note, items);
        hub.Send(stream, frame);
        if (note.IsShared)
        {
            made[note] = frame;
        }
    }

    MapStream? StreamOf(long nodeId) => hub.StreamOf(nodeId) is { } stream && (only is null ? stream.IsFollowing : stream == only) ? stream : null;

    IEnumerable<long> Viewers(Tailnet tailnet, long id) =>
        only is null ? tailnet.Access.Peers(id) : tailnet.Access.CanSee(only.NodeId, id) ? [only.NodeId] : [];

    bool RoutesDiffer(long viewer, NodeRecord? old, NodeRecord node) =>
        old is not null && !(old.Routes.IsEmpty && node.Routes.IsEmpty) && !was.Access.AllowedIPs(viewer, node.Id).SequenceEqual(now.Access.AllowedIPs(viewer, node.Id));

    int Whole(long viewer, NodeRecord node, bool isNew)
    {
        IReadOnlyList<IPNetwork> allowed = now.Access.AllowedIPs(viewer, node.Id);
        string key = allowed.Count == 2 ? "" : string.Join(',', allowed);
        if (!whole.TryGetValue((node.Id, isNew, key), out int item))
        {
            whole[(node.Id, isNew, key)] = item = Add(new MapItem(node.Id, frames.JsonOf(now, viewer, node), null, isNew));
        }

        return item;
    }

    int Removed(long id)
    {
        if (!removed.TryGetValue(id, out int item))
        {
            removed[id] = item = Add(new MapItem(id, null, null, false));
        }

        return item;
    }

    int Add(MapItem item)
    {
        items.Add(item);
        return items.Count - 1;
    }

    StreamNotes NotesOf(MapStream stream)
    {
        if (!notes.TryGetValue(stream, out StreamNotes? note))
        {
            notes[stream] = note = new StreamNotes();
        }

        return note;
    }
}
