using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Tailcfg;

namespace MeshIoT.Coordinator;

/// <content>Letting a node in, by whatever permission.</content>
internal static partial class Registrar
{
    /// <summary>Lets <paramref name="machine"/> in as <paramref name="admission"/> says: as a new node, or in place of the one it had for the same user.</summary>
    /// <exception cref="FaultException">It asks for tags that are not its to have, its node key is another node's, or there are no addresses left.</exception>
    public static Registration Admit(TailnetEdit edit, MachinePublicKey machine, RegisterRequest request, Admission admission, DateTimeOffset now)
    {
        ImmutableArray<string> tags = TagsFor(edit.Current, admission, request.Hostinfo?.RequestTags);
        long userId = tags.IsEmpty ? admission.UserId : 0;
        NodeRecord? earlier = Earlier(edit.Current, machine, request, userId, admission.UserId);
        if (edit.Current.FindByNodeKey(request.NodeKey) is { } holder && holder.Id != earlier?.Id)
        {
            throw Faults.NodeKeyTaken.With().ToException();
        }

        bool isRotation = earlier is not null && earlier.NodeKey != request.NodeKey && !earlier.IsExpired(now);
        NodeRecord node = (earlier ?? Create(edit, machine, request, now)) with
        {
            NodeKey = request.NodeKey,
            PreviousNodeKey = !isRotation ? null : earlier!.Mapped ? earlier.NodeKey : earlier.PreviousNodeKey,
            DiscoKey = earlier?.NodeKey == request.NodeKey ? earlier.DiscoKey : default,
            KeyExpiry = ExpiryFor(edit.Current.Settings, userId, request.Expiry, now),
            UserId = userId,
            Tags = tags,
            Approved = earlier?.Approved == true || admission.Approved || !edit.Current.Settings.NodeApproval,
            Ephemeral = admission.Ephemeral || request.Ephemeral,
            AuthKeyId = admission.AuthKeyId,
            Mapped = false,
            LastSeen = now,
        };
        node = Refresh(edit, node, request, now, Show.Everybody);
        edit.Audit(new AuditEntry(now, admission.Actor, earlier is null ? "node.register" : "node.login", node.StableId, Describe(edit.Current, node, admission.How)));
        return new(node, earlier is null ? RegistrationKind.Admitted : RegistrationKind.Readmitted);
    }

    // All tags of a tagged key, and what else it or the user may give.
    static ImmutableArray<string> TagsFor(Tailnet tailnet, Admission admission, IReadOnlyList<string>? asked)
    {
        if (asked is not { Count: > 0 })
        {
            return admission.Tags;
        }

        UserRecord? user = tailnet.Users.GetValueOrDefault(admission.UserId);
        ImmutableArray<string> tags = admission.Tags;
        foreach (string tag in asked)
        {
            bool permitted = tags.Contains(tag)
                || (TagName.IsValid(tag) && tags.Length < AuthKeyRequest.MaxTags
                    && (admission.Tags.IsEmpty ? tailnet.Access.MayTag(user, tag) : tailnet.Access.MayTag(admission.Tags, tag)));
            tags = !permitted ? throw Faults.TagsNotPermitted.With().ToException() : tags.Contains(tag) ? tags : tags.Add(tag);
        }

        return tags;
    }

    // The node that this machine had: the one whose key it says it gives up, that of the same owner, or one that changes between a user and tags.
    static NodeRecord? Earlier(Tailnet tailnet, MachinePublicKey machine, RegisterRequest request, long userId, long asUser)
    {
        NodeRecord? named = tailnet.FindByNodeKey(request.NodeKey) ?? (request.OldNodeKey.IsZero ? null : tailnet.FindByNodeKey(request.OldNodeKey));
        bool isSame = named is not null && named.Machine == machine && (named.UserId == userId || named.UserId == 0 || (userId == 0 && named.UserId == asUser));
        return isSame ? named : tailnet.FindByMachine(machine, userId) ?? tailnet.FindByMachine(machine, userId == 0 ? asUser : 0);
    }

    static DateTimeOffset? ExpiryFor(TailnetSettings settings, long userId, DateTimeOffset? asked, DateTimeOffset now)
    {
        if (userId == 0)
        {
            return null;
        }

        DateTimeOffset? usual = settings.KeyExpiryDays > 0 ? now.AddDays(settings.KeyExpiryDays) : null;
        return asked is not null && (usual is null || asked < usual) ? asked : usual;
    }

    static NodeRecord Create(TailnetEdit edit, MachinePublicKey machine, RegisterRequest request, DateTimeOffset now)
    {
        (long id, long addressIndex) = edit.NewNode();
        Hostinfo hostinfo = request.Hostinfo ?? new();
        return new NodeRecord
        {
            Id = id,
            Machine = machine,
            NodeKey = request.NodeKey,
            AddressIndex = addressIndex,
            Label = HostnameLabel.Distinct(HostnameLabel.Of(hostinfo.Hostname), l => !edit.Current.Labels.ContainsKey(l)),
            Created = now,
            Hostinfo = hostinfo,
        };
    }

    static string Describe(Tailnet tailnet, NodeRecord node, string how)
    {
        string whose = node.Tags.IsEmpty ? tailnet.Users.GetValueOrDefault(node.UserId)?.Login ?? "nobody" : string.Join(", ", node.Tags);
        return $"{node.Label} ({AddressPlan.IPv4(node.AddressIndex)}) of {whose}, {how}{(node.Approved ? "" : ", waits for approval")}";
    }
}
