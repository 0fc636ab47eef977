using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Node.State;

namespace MeshIoT.Node.Session;

/// <summary>
/// An <see cref="UpRequest"/> that makes sense, put together with what is saved: what it does not name stays, unless it says
/// reset. Not a record: it holds a secret and has no printed form.
/// </summary>
internal sealed class LoginPlan
{
    const int LongestAuthKey = 1024;

    LoginPlan(Uri server) => Server = server;

    /// <summary>The coordinator.</summary>
    public Uri Server { get; }

    /// <summary>The key that admits the node, as it was given; null: none.</summary>
    public string? AuthKey { get; private init; }

    string? Pin { get; init; }

    string? Hostname { get; init; }

    string[]? Tags { get; init; }

    string[]? Routes { get; init; }

    bool AcceptRoutes { get; init; }

    bool Ephemeral { get; init; }

    /// <summary>Checks the request. Throws login-server-missing, login-server-invalid, auth-key-unreadable, hostname-invalid, server-key-pin-invalid, tag-invalid, route-invalid.</summary>
    public static LoginPlan Check(UpRequest r, NodeState saved, TailnetNodeOptions options)
    {
        Uri server = CheckServer(r.LoginServer ?? (saved.LoginServer is { } text ? new Uri(text) : options.LoginServer));
        if (r.Hostname is { } name)
        {
            HostDescription.CheckName(name);
        }

        if (r.ServerKeyPin is { } pin && !PinCheck.IsPin(pin))
        {
            throw Faults.ServerKeyPinInvalid.With().ToException();
        }

        NodeState kept = r.Reset ? new NodeState() : saved;
        string[]? tags = r.AdvertiseTags is null ? kept.AdvertiseTags : NodeWishes.CheckTags(r.AdvertiseTags);
        IEnumerable<string> networks = r.AdvertiseRoutes is null
            ? kept.AdvertiseRoutes ?? [] : [.. NodeWishes.CheckRoutes(r.AdvertiseRoutes), .. NodeWishes.ExitOf(kept.AdvertiseRoutes)];
        string[] routes = NodeWishes.WithExitNode(networks, r.AdvertiseExitNode);
        return new LoginPlan(server)
        {
            AuthKey = CheckAuthKey(r.AuthKey),
            Pin = r.ServerKeyPin,
            Hostname = r.Hostname ?? kept.Hostname ?? options.Hostname,
            Tags = tags,
            Routes = routes.Length == 0 ? null : routes,
            AcceptRoutes = r.AcceptRoutes ?? kept.AcceptRoutes,
            Ephemeral = r.Ephemeral ?? kept.Ephemeral,
        };
    }

    /// <summary>Whether a session by this state can go on under the plan: same coordinator, and nothing that is told only at registration.</summary>
    public bool KeepsSession(NodeState state) =>
        state.LoginServer == Server.AbsoluteUri
        && (Pin is null || HoldsPinnedKey(state))
        && SameList(Tags, state.AdvertiseTags)
        && Ephemeral == state.Ephemeral;

    /// <summary>Whether the state says all of it already.</summary>
    public bool ChangesNothing(NodeState state) =>
        KeepsSession(state) && state is { WantRunning: true, NodeKey: not null }
        && Hostname == state.Hostname && SameList(Routes, state.AdvertiseRoutes) && AcceptRoutes == state.AcceptRoutes;

    /// <summary>Writes the plan into a state; one that knew another coordinator forgets all it had there.</summary>
    public void ApplyTo(NodeState state, bool moved, RandomSource random)
    {
        if (moved)
        {
            state.NodeKey = state.NextNodeKey = state.ServerKey = state.ServerKeyPin = null;
            state.Registered = false;
            state.NodeKeySince = 0;
        }

        if (Pin is not null && !HoldsPinnedKey(state))
        {
            state.ServerKey = null;
            state.ServerKeyPin = Pin;
        }

        if (state.NodeKey is null)
        {
            using NodePrivateKey fresh = NodePrivateKey.Generate(random);
            state.NodeKey = fresh.ExportText();
        }

        state.LoginServer = Server.AbsoluteUri;
        state.Hostname = Hostname;
        state.AdvertiseTags = Tags;
        state.AdvertiseRoutes = Routes;
        state.AcceptRoutes = AcceptRoutes;
        state.Ephemeral = Ephemeral;
        state.WantRunning = true;
    }

    bool HoldsPinnedKey(NodeState state) =>
        MachinePublicKey.TryParse(state.ServerKey, out MachinePublicKey key) && PinCheck.Matches(Pin!, key);

    static bool SameList(string[]? a, string[]? b) => (a ?? []).SequenceEqual(b ?? []);

    static Uri CheckServer(Uri? server)
    {
        if (server is null)
        {
            throw Faults.LoginServerMissing.With().ToException();
        }

        bool good = server.IsAbsoluteUri && (server.Scheme == Uri.UriSchemeHttp || server.Scheme == Uri.UriSchemeHttps)
            && server.Host.Length > 0 && server.UserInfo.Length == 0;
        return good ? server : throw Faults.LoginServerInvalid.With(server.OriginalString).ToException();
    }

    // Any text a coordinator may have made; what cannot be one (a pasted file, an empty variable) is told at once.
    static string? CheckAuthKey(string? key)
    {
        if (key is null)
        {
            return null;
        }

        key = key.Trim();
        bool good = key.Length is > 0 and <= LongestAuthKey && !key.AsSpan().ContainsAnyExceptInRange('!', '~');
        return good ? key : throw Faults.AuthKeyUnreadable.With().ToException();
    }
}
