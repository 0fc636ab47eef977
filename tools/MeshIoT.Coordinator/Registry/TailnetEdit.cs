using System.Collections.Generic;
using MeshIoT.Health;

namespace MeshIoT.Coordinator;

/// <summary>
/// A change in the making: starts from one <see cref="Tailnet"/>, holds the next, and remembers which rows the disk must learn of.
/// Used by one thread. When an operation fails, <see cref="Current"/> is put back and nothing of it remains.
/// </summary>
internal sealed class TailnetEdit(Tailnet start)
{
    readonly HashSet<long> nodes = [];
    readonly HashSet<long> authKeys = [];

    /// <summary>The tailnet as it would be now.</summary>
    public Tailnet Current { get; set; } = start;

    /// <summary>Rows to write, or to delete where <see cref="Current"/> no longer has them.</summary>
    public IReadOnlyCollection<long> TouchedNodes => nodes;

    /// <summary>Rows to write, or to delete where <see cref="Current"/> no longer has them.</summary>
    public IReadOnlyCollection<long> TouchedAuthKeys => authKeys;

    /// <summary>The ID and address of a node that is about to be made.</summary>
    /// <exception cref="FaultException">Every address has been given out.</exception>
    public (long Id, long AddressIndex) NewNode()
    {
        long index = AddressPlan.NextUsable(Current.NextAddressIndex), id = Current.NextNodeId;
        if (index < 0)
        {
            throw Faults.AddressesExhausted.With().ToException();
        }

        Current = Current with { NextNodeId = id + 1, NextAddressIndex = index + 1 };
        return (id, index);
    }

    public long NewAuthKeyId()
    {
        long id = Current.NextAuthKeyId;
        Current = Current with { NextAuthKeyId = id + 1 };
        return id;
    }

    /// <summary>Adds or replaces a node.</summary>
    /// <param name="node">Its new state.</param>
    /// <param name="show">What netmaps show of the change.</param>
    /// <param name="store">False when only what is not stored has changed.</param>
    public void Put(NodeRecord node, Show show, bool store = true)
    {
        long revision = show == Show.Nobody ? Current.Revision : Current.Revision + 1;
        node = node with
        {
            PeerRevision = (show & Show.Peers) != 0 ? revision : node.PeerRevision,
            SelfRevision = (show & Show.Self) != 0 ? revision : node.SelfRevision,
        };

        Tailnet t = Current;
        var (nodeKeys, machines, labels) = (t.NodeKeys, t.Machines, t.Labels);
        if (t.Nodes.TryGetValue(node.Id, out NodeRecord? old))
        {
            nodeKeys = old.NodeKey == node.NodeKey ? nodeKeys : nodeKeys.Remove(old.NodeKey);
            machines = old.Machine == node.Machine ? machines : machines.Remove(old.Machine);
            labels = old.Label == node.Label ? labels : labels.Remove(old.Label);
        }

        Current = t with
        {
            Revision = revision,
            Nodes = t.Nodes.SetItem(node.Id, node),
            NodeKeys = nodeKeys.SetItem(node.NodeKey, node.Id),
            Machines = machines.SetItem(node.Machine, node.Id),
            Labels = labels.SetItem(node.Label, node.Id),
        };
        if (store)
        {
            nodes.Add(node.Id);
        }
    }

    public void Remove(NodeRecord node)
    {
        Tailnet t = Current;
        Current = t with
        {
            Revision = t.Revision + 1,
            LastRemoval = t.Revision + 1,
            Nodes = t.Nodes.Remove(node.Id),
            NodeKeys = t.NodeKeys.Remove(node.NodeKey),
            Machines = t.Machines.Remove(node.Machine),
            Labels = t.Labels.Remove(node.Label),
        };
        nodes.Add(node.Id);
    }

    public void Put(AuthKey key)
    {
        Current = Current with
        {
            AuthKeys = Current.AuthKeys.SetItem(key.Id, key),
            AuthKeyHashes = Current.AuthKeyHashes.SetItem(key.Hash, key.Id),
        };
        authKeys.Add(key.Id);
    }

    public void Remove(AuthKey key)
    {
        Current = Current with { AuthKeys = Current.AuthKeys.Remove(key.Id), AuthKeyHashes = Current.AuthKeyHashes.Remove(key.Hash) };
        authKeys.Add(key.Id);
    }
}
