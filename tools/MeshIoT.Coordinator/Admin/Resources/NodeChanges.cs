using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using MeshIoT.Health;

namespace MeshIoT.Coordinator;

/// <summary>What an administrator may change of a node by one request, and what follows from it.</summary>
internal static class NodeChanges
{
    /// <summary>The node as it shall be, and what changed in words.</summary>
    /// <exception cref="FaultException">It does not fit the rest of the tailnet.</exception>
    public static (NodeRecord Next, string Detail) Apply(TailnetEdit edit, NodeRecord node, PatchNodeDto asked, Caller caller, DateTimeOffset now)
    {
        List<string> changes = [];
        NodeRecord next = node;
        if (asked.Name is { } name)
        {
            next = Rename(edit.Current, next, name);
            changes.Add($"name {node.Label} -> {next.Label}");
        }

        if (asked.Tags is { Count: > 0 } given)
        {
            next = Tag(edit.Current, next, Checks.Tags(given));
            changes.Add($"tags {Words(node.Tags)} -> {Words(next.Tags)}");
        }
        else if (asked.Tags is not null && asked.User is null && !node.Tags.IsEmpty)
        {
            throw AdminCall.Invalid("tags is empty: say with user whom the node shall belong to");
        }

        if (asked.User is { } login)
        {
            UserRecord user = Lookup.User(edit.Current, login);
            caller.DemandRole(user.Role == UserRole.Owner && user.Id != caller.UserId ? UserRole.Owner : UserRole.Admin);
            next = Move(edit.Current, next, user, now);
            changes.Add($"now of {user.Login}");
        }

        return changes.Count > 0 ? (next, string.Join("; ", changes)) : throw AdminCall.Invalid("none of name, tags and user is there");
    }

    static NodeRecord Rename(Tailnet tailnet, NodeRecord node, string name)
    {
        if (name.Length == 0)
        {
            string label = HostnameLabel.Distinct(HostnameLabel.Of(node.Hostinfo.Hostname), l => IsFree(tailnet, l, node));
            return node with { Label = label, Renamed = false };
        }

        return HostnameLabel.Of(name) != name ? throw AdminCall.Invalid("name is not 1 to 63 lower-case letters, digits and dashes, with a letter or digit at both ends")
            : !IsFree(tailnet, name, node) ? throw Checks.Conflict($"another node is called {name}", "Choose another name, or rename that node first.")
            : node with { Label = name, Renamed = true };
    }

    // Tagged nodes belong to nobody, and do not expire by themselves.
    static NodeRecord Tag(Tailnet tailnet, NodeRecord node, ImmutableArray<string> tags)
    {
        if (!node.Tags.IsEmpty)
        {
            return node with { Tags = tags };
        }

        DemandPlace(tailnet, node, 0, "that machine has another, tagged node");
        return node with { Tags = tags, UserId = 0, KeyExpiry = null };
    }

    static NodeRecord Move(Tailnet tailnet, NodeRecord node, UserRecord user, DateTimeOffset now)
    {
        DemandPlace(tailnet, node, user.Id, $"that machine has another node of {user.Login}");
        int days = tailnet.Settings.KeyExpiryDays;
        return node with { UserId = user.Id, Tags = [], KeyExpiry = node.Tags.IsEmpty ? node.KeyExpiry : days > 0 ? now.AddDays(days) : null };
    }

    static void DemandPlace(Tailnet tailnet, NodeRecord node, long userId, string why)
    {
        if (tailnet.FindByMachine(node.Machine, userId) is { } other && other.Id != node.Id)
        {
            throw Checks.Conflict($"{why}, {other.StableId}", "Delete one of the two first.");
        }
    }

    static bool IsFree(Tailnet tailnet, string label, NodeRecord node) => !tailnet.Labels.TryGetValue(label, out long id) || id == node.Id;

    static string Words(ImmutableArray<string> tags) => tags.IsEmpty ? "none" : string.Join(' ', tags);
}
