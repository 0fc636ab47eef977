using System;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Control;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Node.State;
using MeshIoT.Tailcfg;

namespace MeshIoT.Node.Session;

/// <content>
/// Registration, control-plane.md section 4. A key is on the disk before it is sent, and takes its predecessor's place there once
/// the coordinator has accepted it. So a node that dies in between comes back with both, tries the old one, then the new one,
/// and one of them is the one the coordinator knows; nor is a one-off auth key wasted.
/// </content>
internal sealed partial class CoordinatorSession
{
    static readonly TimeSpan RefusedPause = TimeSpan.FromMinutes(10);

    // The coordinator has said that it does not know this node; it has not let it in again since.
    bool removed;

    /// <summary>Tells the coordinator that this node leaves; a short best effort.</summary>
    public async Task LogoutAsync(CancellationToken ct)
    {
        NodeState state = settings.Store.Current;
        MachinePublicKey? pinned = state.ServerKey is { } text ? MachinePublicKey.Parse(text) : null;
        await using CoordinatorLink link = settings.Open(new CoordinatorAddress(server, settings.MachineKey, pinned, null));
        RegisterRequest request = NewRequest(identity.PublicKey, default);

        // The moment tailscaled sends for "now": any time in the past means it. control-plane.md section 4, flow 5.
        request.Expiry = DateTimeOffset.FromUnixTimeSeconds(123);
        await link.RegisterAsync(request, ct);
    }

    async Task RegisterAsync(CoordinatorLink link, Func<MachinePublicKey> acceptedKey, CancellationToken ct)
    {
        NodePrivateKey key = identity;
        NodePublicKey old = default;
        RegisterRequest request = NewRequest(key.PublicKey, old);
        request.Auth = authKey is null ? null : new RegisterAuth { AuthKey = authKey };
        RegisterResponse response = await link.RegisterAsync(request, ct);
        if (!IsWelcome(response) && NeedsNextKey(response))
        {
            old = key.PublicKey;
            key = NextKey();
            response = await link.RegisterAsync(NewRotation(key, old), ct);
            if (response.NodeKeyExpired && response.Error.Length == 0)
            {
                throw new SessionRefusedException(Faults.LoginNeeded.With(server.Host), RefusedPause);
            }
        }

        await FinishLoginAsync(link, response, key, old, WaitForLogin, ct);
        Accepted(key, acceptedKey());
        registered = true;
    }

    // Expired: flow 4. Or there is a key that the coordinator may have accepted just before this node died.
    bool NeedsNextKey(RegisterResponse response) =>
        (response.NodeKeyExpired && response.Error.Length == 0) || settings.Store.Current.NextNodeKey is not null;

    static bool IsWelcome(RegisterResponse response) => response is { Error.Length: 0, AuthURL.Length: 0, NodeKeyExpired: false };

    RegisterRequest NewRequest(NodePublicKey key, NodePublicKey old)
    {
        NodeState state = settings.Store.Current;
        return new RegisterRequest
        {
            Version = CapabilityVersion,
            NodeKey = key,
            OldNodeKey = old,
            Hostinfo = HostDescription.Create(state, settings.Options),
            Ephemeral = state.Ephemeral,
        };
    }

    // A new key, which replaces the old one in place. Flow 4.
    RegisterRequest NewRotation(NodePrivateKey next, NodePublicKey old)
    {
        RegisterRequest request = NewRequest(next.PublicKey, old);
        string? key = reauth?.AuthKey ?? authKey;
        request.Auth = key is null ? null : new RegisterAuth { AuthKey = key };
        return request;
    }

    /// <summary>The key that shall follow the present one; on the disk before anybody hears of it, and the same until it is accepted.</summary>
    NodePrivateKey NextKey()
    {
        if (settings.Store.Current.NextNodeKey is null)
        {
            using NodePrivateKey fresh = NodePrivateKey.Generate(settings.Random);
            settings.Store.Update(state => state.NextNodeKey = fresh.ExportText());
        }

        return ReadKey(settings.Store.Current.NextNodeKey!);
    }

    // Flow 3: as long as the coordinator wants a person, show the page it names last and have it hold the request.
    async Task FinishLoginAsync(
        CoordinatorLink link, RegisterResponse response, NodePrivateKey key, NodePublicKey old, Action<Uri> show, CancellationToken ct)
    {
        string? followed = null;
        for (int repeats = 0; ;)
        {
            ThrowIfRefused(response);
            if (response.AuthURL.Length == 0)
            {
                return;
            }

            if (response.AuthURL == followed)
            {
                // It does not hold the request; asking at once would be a hot loop.
                await Task.Delay(Backoff.Next(++repeats + 10, 0.5), settings.Clock, ct);
            }
            else
            {
                followed = response.AuthURL;
                show(CheckPage(followed));
            }

            RegisterRequest request = NewRequest(key.PublicKey, old);
            request.Followup = followed;
            response = await link.RegisterAsync(request, ct);
        }
    }

    void ThrowIfRefused(RegisterResponse response)
    {
        if (response.Error.Length == 0)
        {
            return;
        }

        // With an auth key somebody is there to hear it and nothing gets better by asking again; without one, the
        // coordinator may change its mind (a node restored, a policy mended).
        string? key = reauth?.AuthKey ?? authKey;
        if (removed)
        {
            Lost();
        }

        throw new SessionRefusedException(
            removed && key is null ? Faults.NodeRemoved.With(server.Host) : RegisterRefusal.Explain(server, response.Error, key),
            key is not null ? null : RefusedPause);
    }

    // A browser is sent nowhere but to a web page, and to an unencrypted one only where the coordinator itself is unencrypted.
    Uri CheckPage(string url) =>
        IsPage(url, out Uri? page) ? page! : throw new SessionRefusedException(Faults.LoginNeeded.With(server.Host), RefusedPause);

    bool IsPage(string url, out Uri? page) =>
        Uri.TryCreate(url, UriKind.Absolute, out page) && page.Host.Length > 0 && url.Length <= 2000
        && (page.Scheme == Uri.UriSchemeHttps || (server.Scheme == Uri.UriSchemeHttp && page.Scheme == Uri.UriSchemeHttp));

    void WaitForLogin(Uri page)
    {
        bool again = removed || settings.Store.Current.Registered;
        FaultReport report = again ? Faults.LoginAgain.With(server.Host, page.AbsoluteUri) : Faults.ApprovalNeeded.With(page.AbsoluteUri);
        if (again)
        {
            Lost();
        }

        settings.Health.Clear(HealthTopic.Coordinator);
        settings.Health.Set(HealthTopic.Login, report);
        WaitFor(report, page);
        observer.Changed(new SessionView(BackendState.NeedsLogin));
    }

    void Lost()
    {
        BeginOutcome();
        observer.MembershipLost();
        if (settings.Store.Current.Registered)
        {
            settings.Store.Update(static state =>
            {
                state.Registered = false;
                state.NodeKeySince = 0;
            });
        }
    }

    void Accepted(NodePrivateKey key, MachinePublicKey serverKey)
    {
        authKey = null;
        removed = false;
        waited = null;
        string text = key.ExportText();
        NodeState state = settings.Store.Current;
        if (!state.Registered || state.NodeKey != text || state.NextNodeKey == text || (state.ServerKey is null && !serverKey.IsZero))
        {
            settings.Store.Update(next =>
            {
                next.NodeKeySince = next.Registered && next.NodeKey == text ? next.NodeKeySince : settings.Clock.GetUtcNow().ToUnixTimeSeconds();
                next.NextNodeKey = next.NodeKey == text && next.NextNodeKey != text ? next.NextNodeKey : null;
                next.NodeKey = text;
                next.Registered = true;
                if (next.ServerKey is null && !serverKey.IsZero)
                {
                    next.ServerKey = serverKey.ToString();
                    next.ServerKeyPin = null;
                }
            });
        }

        bool changed = key.PublicKey != identity.PublicKey;
        identity = key;
        settings.Health.Clear(HealthTopic.Login, HealthTopic.State);
        observer.Changed(new SessionView(BackendState.Starting));
        if (changed)
        {
            observer.IdentityChanged(key);
        }
    }
}
