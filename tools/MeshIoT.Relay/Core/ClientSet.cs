using System.Collections.Generic;
using System.Threading;
using MeshIoT.Crypto;

namespace MeshIoT.Relay;

/// <summary>
/// The connections of one node key. Mostly one; a cloned device or a half-dead connection makes more. All stay, packets go to the one
/// that last sent anything. data-plane.md section 4.3.
/// </summary>
internal sealed class ClientSet(NodePublicKey key)
{
    const int PurgeFrom = 1024;

    readonly List<Session> all = [];
    readonly HashSet<NodePublicKey> reached = [];
    Session? active;
    int purgeAt = PurgeFrom;

    public NodePublicKey Key => key;

    /// <summary>Where packets go; null when nobody is left.</summary>
    public Session? Active => Volatile.Read(ref active);

    /// <summary>More than one connection.</summary>
    public bool IsShared { get; private set; }

    public int Count => all.Count;

    public IReadOnlyList<Session> All => all;

    /// <summary>Makes the session that has just sent something the one that packets go to.</summary>
    public void Activate(Session session)
    {
        if (IsShared)
        {
            Volatile.Write(ref active, session);
        }
    }

    /// <summary>Under the registry's lock.</summary>
    public void Add(Session session)
    {
        all.Add(session);
        IsShared = all.Count > 1;
        Volatile.Write(ref active, session);
    }

    /// <summary>Under the registry's lock.</summary>
    public void Remove(Session session)
    {
        all.Remove(session);
        IsShared = all.Count > 1;
        if (Active == session || all.Count == 0)
        {
            Volatile.Write(ref active, all.Count > 0 ? all[^1] : null);
        }
    }

    /// <summary>Remembers that this key has sent to another, so that the other can be told when it is gone.</summary>
    public void NoteReached(NodePublicKey other, ClientRegistry registry)
    {
        lock (reached)
        {
            if (reached.Add(other) && reached.Count > purgeAt)
            {
                reached.RemoveWhere(k => registry.Find(k) is null);
                purgeAt = System.Math.Max(PurgeFrom, 2 * reached.Count);
            }
        }
    }

    /// <summary>Whom this key has sent to.</summary>
    public NodePublicKey[] TakeReached()
    {
        lock (reached)
        {
            NodePublicKey[] keys = [.. reached];
            reached.Clear();
            return keys;
        }
    }
}
