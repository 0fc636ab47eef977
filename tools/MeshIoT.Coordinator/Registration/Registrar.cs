using System;
using System.Globalization;
using System.Linq;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Provisioning;
using MeshIoT.Tailcfg;

namespace MeshIoT.Coordinator;

/// <summary>
/// Decides who gets onto the tailnet. Identity is the machine key, proved by the Noise handshake; a node key is only claimed,
/// and counts for nothing under another machine key. One machine has one node per user, or a tagged one. control-plane.md section 4.
/// A refusal is thrown as a <see cref="FaultException"/>, whose line the person at the node will read.
/// </summary>
internal static partial class Registrar
{
    /// <summary>Applies one registration to <paramref name="edit"/>.</summary>
    /// <param name="edit">The tailnet to look at and change.</param>
    /// <param name="machine">The machine key that the handshake proved.</param>
    /// <param name="request">What it asks; its node key is not zero and its Hostinfo within bounds.</param>
    /// <param name="now">The server's time.</param>
    /// <exception cref="FaultException">The machine is refused.</exception>
    public static Registration Register(TailnetEdit edit, MachinePublicKey machine, RegisterRequest request, DateTimeOffset now)
    {
        NodeRecord? known = edit.Current.FindByNodeKey(request.NodeKey);
        if (known is not null && known.Machine != machine)
        {
            throw Faults.NodeKeyTaken.With().ToException();
        }

        // Logout comes with the auth key still set: expiry is looked at first.
        if (request.Expiry is { } expiry && expiry <= now)
        {
            return LogOut(edit, known, machine, now);
        }

        if (known is not null && !known.IsExpired(now))
        {
            if (request.Expiry is not null && request.Expiry != known.KeyExpiry)
            {
                throw Faults.ExpiryNotExtendable.With().ToException();
            }

            // A node that is on the tailnet stays on it, whatever has become of the key in its configuration.
            return new(Return(edit, known, request, now), RegistrationKind.Returned);
        }

        if (request.Auth?.AuthKey is { Length: > 0 } authKey)
        {
            return AdmitByKey(edit, machine, request, authKey, now);
        }

        return known is not null ? new(known, RegistrationKind.Expired)
            : Rotate(edit, machine, request, now) ?? new(null, RegistrationKind.LoginNeeded);
    }

    static Registration LogOut(TailnetEdit edit, NodeRecord? node, MachinePublicKey machine, DateTimeOffset now)
    {
        if (node is null)
        {
            return new(null, RegistrationKind.LoggedOut);
        }

        string actor = ActorOf(machine);
        if (node.Ephemeral)
        {
            edit.Remove(node);
            edit.Audit(new AuditEntry(now, actor, "node.delete", node.StableId, $"{node.Label} logged out, and was ephemeral"));
        }
        else if (!node.IsExpired(now))
        {
            node = edit.Put(node with { KeyExpiry = now, LastSeen = now }, Show.Everybody);
            edit.Audit(new AuditEntry(now, actor, "node.logout", node.StableId, node.Label));
        }

        return new(node, RegistrationKind.LoggedOut);
    }

    // It may name the key before its last rotation: then the answer to that never arrived, and the old key goes on.
    static NodeRecord Return(TailnetEdit edit, NodeRecord node, RegisterRequest request, DateTimeOffset now)
    {
        NodeRecord kept = node.NodeKey == request.NodeKey ? node : node with { NodeKey = request.NodeKey, PreviousNodeKey = node.NodeKey };
        return Refresh(edit, kept, request, now, ReferenceEquals(kept, node) ? Show.Nobody : Show.Everybody);
    }

    // A key that never ends is changed without asking anybody; one that ends is a person's permission, and a new one is too.
    static Registration? Rotate(TailnetEdit edit, MachinePublicKey machine, RegisterRequest request, DateTimeOffset now)
    {
        if (request.OldNodeKey.IsZero || edit.Current.FindByNodeKey(request.OldNodeKey) is not { KeyExpiry: null } node
            || node.Machine != machine || !WantsSameTags(node, request.Hostinfo))
        {
            return null;
        }

        NodeRecord rotated = node with { NodeKey = request.NodeKey, PreviousNodeKey = node.Mapped ? node.NodeKey : node.PreviousNodeKey, DiscoKey = default, Mapped = false };
        edit.Audit(new AuditEntry(now, ActorOf(machine), "node.rotate", node.StableId, $"{node.Label} changed its node key"));
        return new(Refresh(edit, rotated, request, now, Show.Everybody), RegistrationKind.Rotated);
    }

    static bool WantsSameTags(NodeRecord node, Hostinfo? hostinfo) =>
        hostinfo?.RequestTags is not { Count: > 0 } asked ? node.Tags.IsEmpty || node.AuthKeyId != 0 : asked.All(node.Tags.Contains);

    static Registration AdmitByKey(TailnetEdit edit, MachinePublicKey machine, RegisterRequest request, string authKey, DateTimeOffset now)
    {
        if (!Claim.TryParse(authKey, out Claim? claim))
        {
            throw Faults.AuthKeyMalformed.With().ToException();
        }

        AuthKey key = edit.Current.FindAuthKey(AuthKeyHash.Of(claim)) ?? throw Faults.AuthKeyUnknown.With().ToException();

        // The answer of the first try may have been lost, and some clients make a new node key for the second:
        // until the node has read a netmap, the machine that used the key up may use it again.
        bool isRetry = edit.Current.NodesOf(machine).Any(id => edit.Current.Nodes[id] is { Mapped: false } node && node.AuthKeyId == key.Id);
        if (!isRetry && key.IsSpent)
        {
            throw Faults.AuthKeyUsed.With().ToException();
        }

        if (key.Expires <= now)
        {
            throw Faults.AuthKeyExpired.With(key.Expires.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)).ToException();
        }

        Registration done = Admit(edit, machine, request, new(key.UserId, key.Tags, key.Ephemeral, key.Preapproved, key.Id, ActorOf(machine), $"by auth key k{key.Id}"), now);
        if (!isRetry)
        {
            edit.Put(key with { Uses = key.Uses + 1, LastUsed = now });
        }

        return done;
    }

    static NodeRecord Refresh(TailnetEdit edit, NodeRecord node, RegisterRequest request, DateTimeOffset now, Show show)
    {
        NodeReport report = new(request.Version, default, request.Hostinfo, default);
        (NodeRecord next, Show more) = report.ApplyTo(node, edit.Current, now);
        next = RouteApproval.Automatic(edit, next, now);
        return ReferenceEquals(next, node) && show == Show.Nobody ? next : edit.Put(next, show | more | (ReferenceEquals(next, node) ? Show.Nobody : Show.Peers));
    }

    static string ActorOf(MachinePublicKey machine) => "machine " + machine.ShortString();
}
