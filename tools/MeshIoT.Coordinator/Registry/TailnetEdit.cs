using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using MeshIoT.Crypto;
using MeshIoT.Health;

namespace MeshIoT.Coordinator;

/// <summary>
/// A change in the making: starts from one <see cref="Tailnet"/>, holds the next, and remembers which rows the disk must learn of.
/// Used by one thread. When an operation fails, <see cref="Current"/> is put back and nothing of it remains.
/// </summary>
/// <param name="start">The tailnet to start from.</param>
/// <param name="now">The time of the change; what is over by then counts as over.</param>
internal sealed partial class TailnetEdit(Tailnet start, DateTimeOffset now = default)
{
    readonly HashSet<long> nodes = [];
    readonly HashSet<long> authKeys = [];
    readonly HashSet<long> users = [];
    readonly HashSet<long> apiTokens = [];
    readonly List<AuditEntry> audit = [];

    readonly Tailnet begun = start;

    /// <summary>The tailnet that the change began with.</summary>
    public Tailnet Begun => begun;

    /// <summary>The time of the change.</summary>
    public DateTimeOffset Now => now;

    /// <summary>The tailnet as it would be now.</summary>
    public Tailnet Current { get; set; } = start;

    /// <summary>Rows to write, or to delete where <see cref="Current"/> no longer has them.</summary>
    public IReadOnlyCollection<long> TouchedNodes => nodes;

    /// <summary>Rows to write, or to delete where <see cref="Current"/> no longer has them.</summary>
    public IReadOnlyCollection<long> TouchedAuthKeys => authKeys;

    /// <summary>Rows to write, or to delete where <see cref="Current"/> no longer has them.</summary>
    public IReadOnlyCollection<long> TouchedUsers => users;

    /// <summary>Rows to write, or to delete where <see cref="Current"/> no longer has them.</summary>
    public IReadOnlyCollection<long> TouchedApiTokens => apiTokens;

    /// <summary>Entries to append.</summary>
    public IReadOnlyList<AuditEntry> AuditEntries => audit;

    /// <summary>True when the disk must learn of a new policy.</summary>
    public bool HasNewPolicy => !ReferenceEquals(Current.Policy, begun.Policy);

    /// <summary>True when the disk must learn of something.</summary>
    public bool HasChanges => nodes.Count + authKeys.Count + users.Count + apiTokens.Count + audit.Count > 0
        || HasNewPolicy || Current.Settings != begun.Settings;

    /// <summary>How far the audit log is, to come back to with <see cref="Undo"/>.</summary>
    public int AuditMark => audit.Count;

    /// <summary>Forgets what a failed operation did.</summary>
    /// <param name="before">The tailnet before it.</param>
    /// <param name="auditMark">The <see cref="AuditMark"/> before it.</param>
    public void Undo(Tailnet before, int auditMark)
    {
        Current = before;
        audit.RemoveRange(auditMark, audit.Count - auditMark);
    }

    /// <summary>Writes a line of the audit log with the change.</summary>
    public void Audit(AuditEntry entry) => audit.Add(entry);

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

    /// <summary>Adds or replaces a node. What follows from its fields (routes, expiry, whose turn it is to serve a route) is worked out here.</summary>
    /// <param name="node">Its new state.</param>
    /// <param name="show">Whether netmaps can show the change; what they show of it, the map streams find out by comparing.</param>
    /// <param name="store">False when only what is not stored has changed.</param>
    /// <returns>The node as it is now kept.</returns>
    public NodeRecord Put(NodeRecord node, Show show, bool store = true)
    {
        Tailnet t = Current;
        t.Nodes.TryGetValue(node.Id, out NodeRecord? old);
        node = Derive(node, old);
        var (nodeKeys, machines, labels) = (t.NodeKeys, t.Machines, t.Labels);
        if (old is not null)
        {
            nodeKeys = Without(nodeKeys, old, node);
            machines = old.Machine == node.Machine ? machines : Without(machines, old);
            labels = old.Label == node.Label ? labels : labels.Remove(old.Label);
        }

        nodeKeys = nodeKeys.SetItem(node.NodeKey, node.Id);
        if (node.PreviousNodeKey is { } previous)
        {
            nodeKeys = nodeKeys.SetItem(previous, node.Id);
        }

        Current = t with
        {
            Nodes = t.Nodes.SetItem(node.Id, node),
            NodeKeys = nodeKeys,
            Machines = With(machines, node),
            Labels = labels.SetItem(node.Label, node.Id),
        };
        if (show != Show.Nobody)
        {
            MarkShown(node.Id);
        }

        Elect(old, node);
        MarkAccess(old, node);
        if (store)
        {
            nodes.Add(node.Id);
        }

        return node;
    }

    public void Remove(NodeRecord node)
    {
        Tailnet t = Current;
        Current = t with
        {
            Nodes = t.Nodes.Remove(node.Id),
            NodeKeys = Without(t.NodeKeys, node, null),
            Machines = Without(t.Machines, node),
            Labels = t.Labels.Remove(node.Label),
        };
        MarkShown(node.Id);
        Elect(node, null);
        MarkAccess(node, null);
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

    public long NewUserId()
    {
        long id = Current.NextUserId;
        Current = Current with { NextUserId = id + 1 };
        return id;
    }

    /// <summary>Adds or replaces a user; its login must be free or its own.</summary>
    public void Put(UserRecord user)
    {
        var logins = Current.Users.TryGetValue(user.Id, out UserRecord? old) ? Current.Logins.Remove(old.Login) : Current.Logins;
        Current = Current with { Users = Current.Users.SetItem(user.Id, user), Logins = logins.SetItem(user.Login, user.Id), Revision = Current.Revision + 1 };
        users.Add(user.Id);
    }

    public void Remove(UserRecord user)
    {
        Current = Current with { Users = Current.Users.Remove(user.Id), Logins = Current.Logins.Remove(user.Login), Revision = Current.Revision + 1 };
        users.Add(user.Id);
    }

    public long NewApiTokenId()
    {
        long id = Current.NextApiTokenId;
        Current = Current with { NextApiTokenId = id + 1 };
        return id;
    }

    public void Put(ApiToken token)
    {
        Current = Current with
        {
            ApiTokens = Current.ApiTokens.SetItem(token.Id, token),
            ApiTokenHashes = Current.ApiTokenHashes.SetItem(token.Hash, token.Id),
        };
        apiTokens.Add(token.Id);
    }

    public void Remove(ApiToken token)
    {
        Current = Current with { ApiTokens = Current.ApiTokens.Remove(token.Id), ApiTokenHashes = Current.ApiTokenHashes.Remove(token.Hash) };
        apiTokens.Add(token.Id);
    }

    static ImmutableDictionary<NodePublicKey, long> Without(ImmutableDictionary<NodePublicKey, long> keys, NodeRecord old, NodeRecord? next)
    {
        if (old.NodeKey != next?.NodeKey)
        {
            keys = keys.Remove(old.NodeKey);
        }

        return old.PreviousNodeKey is { } previous && previous != next?.PreviousNodeKey ? keys.Remove(previous) : keys;
    }

    static ImmutableDictionary<MachinePublicKey, ImmutableArray<long>> With(ImmutableDictionary<MachinePublicKey, ImmutableArray<long>> machines, NodeRecord node) =>
        !machines.TryGetValue(node.Machine, out ImmutableArray<long> ids) ? machines.Add(node.Machine, [node.Id])
        : ids.Contains(node.Id) ? machines
        : machines.SetItem(node.Machine, ids.Add(node.Id));

    static ImmutableDictionary<MachinePublicKey, ImmutableArray<long>> Without(ImmutableDictionary<MachinePublicKey, ImmutableArray<long>> machines, NodeRecord node)
    {
        ImmutableArray<long> left = machines[node.Machine].Remove(node.Id);
        return left.IsEmpty ? machines.Remove(node.Machine) : machines.SetItem(node.Machine, left);
    }
}
