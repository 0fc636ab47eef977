using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using MeshIoT.Crypto;
using MeshIoT.Derp;

namespace MeshIoT.Relay;

/// <summary>Who is connected, here and at the region's other relays. Packets find their client without a lock; coming and going takes one.</summary>
internal sealed class ClientRegistry
{
    readonly ConcurrentDictionary<NodePublicKey, ClientSet> clients = new();
    readonly ConcurrentDictionary<NodePublicKey, IForwarder> elsewhere = new();
    readonly HashSet<Session> watchers = [];
    readonly Lock gate = new();
    int sessions, homes;

    /// <summary>Connections that have proved a key.</summary>
    public int Sessions => Volatile.Read(ref sessions);

    /// <summary>Different keys.</summary>
    public int Keys => clients.Count;

    /// <summary>Keys with more than one connection.</summary>
    public int SharedKeys => clients.Values.Count(s => s.IsShared);

    /// <summary>Keys known to be at other relays of the region.</summary>
    public int KeysElsewhere => elsewhere.Count;

    /// <summary>Connections whose client calls this relay its home.</summary>
    public int Homes => Volatile.Read(ref homes);

    public ClientSet? Find(NodePublicKey key) => clients.TryGetValue(key, out ClientSet? set) ? set : null;

    public IForwarder? FindElsewhere(NodePublicKey key) => elsewhere.TryGetValue(key, out IForwarder? link) ? link : null;

    public void NoteHome(int change) => Interlocked.Add(ref homes, change);

    /// <summary>Enters a session under its key; the newest is the one that packets go to.</summary>
    public ClientSet Register(Session session)
    {
        lock (gate)
        {
            ClientSet set = clients.GetOrAdd(session.Key, key => new ClientSet(key));
            set.Add(session);
            sessions++;
            Tell(session, isPresent: true);
            return set;
        }
    }

    /// <summary>Takes a session out; when it was its key's last, those who had packets from it are told.</summary>
    public void Unregister(Session session, ClientSet set)
    {
        NodePublicKey[] toTell = [];
        lock (gate)
        {
            set.Remove(session);
            watchers.Remove(session);
            sessions--;
            if (set.Count == 0)
            {
                clients.TryRemove(set.Key, out _);
                toTell = elsewhere.ContainsKey(set.Key) ? [] : set.TakeReached();
                Tell(session, isPresent: false);
            }
        }

        foreach (NodePublicKey other in toTell)
        {
            Find(other)?.Active?.TellGone(set.Key, PeerGoneReason.Disconnected);
        }
    }

    /// <summary>The session, another relay's, is told of every client, those here now and those who come and go.</summary>
    public void Watch(Session watcher)
    {
        lock (gate)
        {
            if (watchers.Add(watcher))
            {
                foreach (ClientSet set in clients.Values)
                {
                    foreach (Session session in set.All)
                    {
                        watcher.TellPresent(session);
                    }
                }
            }
        }
    }

    /// <summary>Another relay of the region has a client, or a link to it that is as good.</summary>
    public void AddElsewhere(NodePublicKey key, IForwarder link) => elsewhere[key] = link;

    /// <summary>It has it no more.</summary>
    public void RemoveElsewhere(NodePublicKey key, IForwarder link) => elsewhere.TryRemove(new KeyValuePair<NodePublicKey, IForwarder>(key, link));

    /// <summary>The link is down; returns the keys that were behind it.</summary>
    public IReadOnlyList<NodePublicKey> RemoveElsewhere(IForwarder link)
    {
        List<NodePublicKey> gone = [];
        foreach ((NodePublicKey key, IForwarder owner) in elsewhere)
        {
            if (owner == link)
            {
                RemoveElsewhere(key, link);
                gone.Add(key);
            }
        }

        return gone;
    }

    /// <summary>Ends every connection of a key; returns how many there were.</summary>
    public int Close(NodePublicKey key)
    {
        Session[] all;
        lock (gate)
        {
            all = Find(key) is { } set ? [.. set.All] : [];
        }

        foreach (Session session in all)
        {
            session.CloseSoon();
        }

        return all.Length;
    }

    /// <summary>The keys connected now.</summary>
    public NodePublicKey[] ConnectedKeys() => [.. clients.Keys];

    void Tell(Session about, bool isPresent)
    {
        foreach (Session watcher in watchers)
        {
            if (isPresent)
            {
                watcher.TellPresent(about);
            }
            else
            {
                watcher.TellGone(about.Key, PeerGoneReason.Disconnected);
            }
        }
    }
}
