using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Net;

namespace MeshIoT.Policy.Compiler;

/// <summary>The way from one snapshot to the next: nodes out, nodes in, and only what they touch is made anew.</summary>
internal sealed class SnapshotBuilder
{
    readonly PolicyGraph graph;
    readonly Snapshot before;
    readonly ImmutableDictionary<long, NodeEntry>.Builder nodes;
    readonly ImmutableDictionary<ClassKey, int>.Builder classIds;
    readonly Dictionary<int, ImmutableSortedSet<long>.Builder> members = [];
    readonly Dictionary<int, NodeEntry> example = [];
    readonly Dictionary<int, ClassKey> fresh = [];
    readonly SetMap<long, long> byUser;
    readonly SetMap<IPNetwork, long> routers;
    int nextClass;

    public SnapshotBuilder(PolicyGraph graph, Snapshot before)
    {
        (this.graph, this.before, nextClass) = (graph, before, before.NextClass);
        nodes = before.Nodes.ToBuilder();
        classIds = before.ClassIds.ToBuilder();
        byUser = new(before.ByUser);
        routers = new(before.Routers);
    }

    public void Remove(long id)
    {
        if (!nodes.TryGetValue(id, out NodeEntry? old))
        {
            return;
        }

        nodes.Remove(id);
        Members(old.ClassId).Remove(id);
        if (old.UserId is { } user)
        {
            byUser.Of(user).Remove(id);
        }

        foreach (IPNetwork subnet in old.Subnets)
        {
            routers.Of(subnet).Remove(id);
        }
    }

    public void Put(PolicyNode node)
    {
        Remove(node.Id);
        NodeEntry entry = new(node);
        ClassKey key = new(graph.Selectors.Match(entry), entry.Subnets, entry.IsExit, Array.Exists(graph.DisablesIPv4, a => graph.Matches(a, entry)));
        if (!classIds.TryGetValue(key, out int classId))
        {
            classIds[key] = classId = nextClass++;
            fresh[classId] = key;
        }

        entry.ClassId = classId;
        nodes[node.Id] = entry;
        example[classId] = entry;
        Members(classId).Add(node.Id);
        if (entry.UserId is { } user)
        {
            byUser.Of(user).Add(node.Id);
        }

        foreach (IPNetwork subnet in entry.Subnets)
        {
            routers.Of(subnet).Add(node.Id);
        }
    }

    public Snapshot Build()
    {
        ImmutableDictionary<int, NodeClass>.Builder classes = before.Classes.ToBuilder();
        SetMap<int, int> sources = new(before.Topology.Sources), destinations = new(before.Topology.Destinations), bySelector = new(before.Topology.BySelector);
        bool moved = false;
        foreach ((int id, ImmutableSortedSet<long>.Builder set) in members)
        {
            if (set.Count == 0)
            {
                if (classes.TryGetValue(id, out NodeClass? gone))
                {
                    Enlist(gone, sources, destinations, bySelector, add: false);
                    classes.Remove(id);
                    moved = true;
                }

                classIds.Remove(gone?.Key ?? fresh[id]);
            }
            else if (classes.TryGetValue(id, out NodeClass? known))
            {
                classes[id] = known.With(set.ToImmutable());
            }
            else
            {
                NodeClass made = new(id, fresh[id], graph, example[id].SubnetRanges, set.ToImmutable());
                classes[id] = made;
                Enlist(made, sources, destinations, bySelector, add: true);
                moved = true;
            }
        }

        return before with
        {
            Nodes = nodes.ToImmutable(), ClassIds = classIds.ToImmutable(), Classes = classes.ToImmutable(), NextClass = nextClass,
            Topology = moved ? new(sources.Build(), destinations.Build(), bySelector.Build()) : before.Topology,
            ByUser = byUser.Build(), Routers = routers.Build(),
        };
    }

    static void Enlist(NodeClass one, SetMap<int, int> sources, SetMap<int, int> destinations, SetMap<int, int> bySelector, bool add)
    {
        foreach ((int[] keys, SetMap<int, int> map) in new[] { (one.SourceEdges, sources), (one.DestinationEdges, destinations), (one.Key.Selectors, bySelector) })
        {
            foreach (int key in keys)
            {
                _ = add ? map.Of(key).Add(one.Id) : map.Of(key).Remove(one.Id);
            }
        }
    }

    ImmutableSortedSet<long>.Builder Members(int classId)
    {
        if (!members.TryGetValue(classId, out ImmutableSortedSet<long>.Builder? set))
        {
            members[classId] = set = (before.Classes.TryGetValue(classId, out NodeClass? known) ? known.Members : []).ToBuilder();
        }

        return set;
    }
}
