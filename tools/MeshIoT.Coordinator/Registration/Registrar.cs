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
/// and counts for nothing under another machine key. One machine has one node.
/// A refusal is thrown as a <see cref="FaultException"/>, whose line the person at the node will read.
/// </summary>
internal static class Registrar
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
            return LogOut(edit, known, now);
        }

        if (known is not null && !known.IsExpired(now))
        {
            if (request.Expiry is not null && request.Expiry != known.KeyExpiry)
            {
                throw Faults.ExpiryNotExtendable.With().ToException();
            }

            // A node that is on the tailnet stays on it, whatever has become of the key in its configuration.
            return new(Refresh(edit, known, request), RegistrationKind.Returned);
        }

        if (request.Auth?.AuthKey is { Length: > 0 } authKey)
        {
            return Admit(edit, machine, request, authKey, now);
        }

        return known is not null
            ? new(known, RegistrationKind.Expired)
            : throw Faults.AuthKeyNeeded.With().ToException();
    }

    static Registration LogOut(TailnetEdit edit, NodeRecord? node, DateTimeOffset now)
    {
        if (node is null)
        {
            return new(null, RegistrationKind.LoggedOut);
        }

        if (node.Ephemeral)
        {
            edit.Remove(node);
        }
        else if (!node.IsExpired(now))
        {
            node = node with { KeyExpiry = now, LastSeen = now };
            edit.Put(node, Show.Everybody);
        }

        return new(node, RegistrationKind.LoggedOut);
    }

    static Registration Admit(TailnetEdit edit, MachinePublicKey machine, RegisterRequest request, string authKey, DateTimeOffset now)
    {
        if (!Claim.TryParse(authKey, out Claim? claim))
        {
            throw Faults.AuthKeyMalformed.With().ToException();
        }

        AuthKey key = edit.Current.FindAuthKey(AuthKeyHash.Of(claim)) ?? throw Faults.AuthKeyUnknown.With().ToException();
        NodeRecord? earlier = edit.Current.FindByMachine(machine, key.Tags.IsEmpty ? key.UserId : 0);

        // The answer of the first try may have been lost, and some clients make a new node key for the second:
        // until the node has read a netmap, the machine that used the key up may use it again.
        bool isRetry = earlier is { Mapped: false } && earlier.AuthKeyId == key.Id;
        if (!isRetry && key.IsSpent)
        {
            throw Faults.AuthKeyUsed.With().ToException();
        }

        if (key.Expires <= now)
        {
            throw Faults.AuthKeyExpired.With(key.Expires.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)).ToException();
        }

        if (request.Hostinfo?.RequestTags is { Count: > 0 } asked && asked.Any(tag => !key.Tags.Contains(tag)))
        {
            throw Faults.TagsNotPermitted.With().ToException();
        }

        if (!isRetry)
        {
            edit.Put(key with { Uses = key.Uses + 1, LastUsed = now });
        }

        NodeRecord node = (earlier ?? Create(edit, machine, request, now)) with
        {
            NodeKey = request.NodeKey,
            DiscoKey = default,
            KeyExpiry = request.Expiry,
            UserId = key.Tags.IsEmpty ? key.UserId : 0,
            Tags = key.Tags,
            Ephemeral = key.Ephemeral || request.Ephemeral,
            AuthKeyId = key.Id,
            Mapped = false,
            LastSeen = now,
        };
        return new(Refresh(edit, node, request, Show.Everybody), earlier is null ? RegistrationKind.Admitted : RegistrationKind.Readmitted);
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

    static NodeRecord Refresh(TailnetEdit edit, NodeRecord node, RegisterRequest request, Show show = Show.Nobody)
    {
        NodeReport report = new(request.Version, default, request.Hostinfo, default);
        (NodeRecord next, Show more) = report.ApplyTo(node, edit.Current);
        if (!ReferenceEquals(next, node) || show != Show.Nobody)
        {
            edit.Put(next, show | more);
        }

        return next;
    }
}
