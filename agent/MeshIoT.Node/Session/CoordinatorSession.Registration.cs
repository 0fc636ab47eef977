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
/// Registration, control-plane.md section 4. The node key is on the disk before it is sent, so a node that dies between the
/// coordinator's yes and our note of it comes back with the key the coordinator knows, and a one-off auth key is not wasted.
/// </content>
internal sealed partial class CoordinatorSession
{
    static readonly TimeSpan RefusedPause = TimeSpan.FromMinutes(10);

    /// <summary>Tells the coordinator that this node leaves; a short best effort.</summary>
    public async Task LogoutAsync(CancellationToken ct)
    {
        NodeState state = settings.Store.Current;
        MachinePublicKey? pinned = state.ServerKey is { } text ? MachinePublicKey.Parse(text) : null;
        await using CoordinatorLink link = settings.Open(new CoordinatorAddress(server, settings.MachineKey, pinned, null));
        RegisterRequest request = NewRequest(identity.PublicKey);

        // The moment tailscaled sends for "now": any time in the past means it. control-plane.md section 4, flow 5.
        request.Expiry = DateTimeOffset.FromUnixTimeSeconds(123);
        await link.RegisterAsync(request, ct);
    }

    async Task RegisterAsync(CoordinatorLink link, Func<MachinePublicKey> acceptedKey, CancellationToken ct)
    {
        RegisterRequest request = NewRequest(identity.PublicKey);
        request.Auth = authKey is null ? null : new RegisterAuth { AuthKey = authKey };
        RegisterResponse response = await link.RegisterAsync(request, ct);
        if (response.NodeKeyExpired && response.Error.Length == 0)
        {
            response = await RotateAsync(link, ct);
        }

        string? followed = null;
        while (true)
        {
            ThrowIfRefused(response);
            if (response.AuthURL.Length == 0)
            {
                break;
            }

            if (response.AuthURL == followed)
            {
                throw Faults.RegistrationRefused.With(server.Host, "it does not wait for the approval").ToException();
            }

            followed = response.AuthURL;
            WaitForPerson(followed);
            request = NewRequest(identity.PublicKey);
            request.Followup = followed;
            response = await link.RegisterAsync(request, ct);
        }

        Registered(acceptedKey());
    }

    RegisterRequest NewRequest(NodePublicKey key) => new()
    {
        Version = CapabilityVersion,
        NodeKey = key,
        Hostinfo = HostDescription.Create(hostname, settings.Options),
    };

    // The key's time is over: a new one, which replaces the old one in place. Flow 4.
    async Task<RegisterResponse> RotateAsync(CoordinatorLink link, CancellationToken ct)
    {
        if (settings.Store.Current.NextNodeKey is null)
        {
            using NodePrivateKey fresh = NodePrivateKey.Generate(settings.Random);
            settings.Store.Update(state => state.NextNodeKey = fresh.ExportText());
        }

        NodePrivateKey next = ReadKey(settings.Store.Current.NextNodeKey!);
        RegisterRequest request = NewRequest(next.PublicKey);
        request.OldNodeKey = identity.PublicKey;
        request.Auth = authKey is null ? null : new RegisterAuth { AuthKey = authKey };
        RegisterResponse response = await link.RegisterAsync(request, ct);
        if (response.NodeKeyExpired)
        {
            throw new SessionRefusedException(Faults.LoginNeeded.With(server.Host), RefusedPause);
        }

        identity = next;
        return response;
    }

    void ThrowIfRefused(RegisterResponse response)
    {
        if (response.Error.Length == 0)
        {
            return;
        }

        // With an auth key somebody is there to hear it and nothing gets better by asking again; without one, the
        // coordinator may change its mind (a node restored, a policy mended).
        bool withKey = authKey is not null;
        throw new SessionRefusedException(RegisterRefusal.Explain(server, response.Error, authKey), withKey ? null : RefusedPause);
    }

    void WaitForPerson(string url)
    {
        bool plainAllowed = server.Scheme == Uri.UriSchemeHttp;
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? page)
            || !(page.Scheme == Uri.UriSchemeHttps || (plainAllowed && page.Scheme == Uri.UriSchemeHttp)))
        {
            throw new SessionRefusedException(Faults.LoginNeeded.With(server.Host), RefusedPause);
        }

        FaultReport report = Faults.ApprovalNeeded.With(page);
        settings.Health.Clear(HealthTopic.Coordinator);
        settings.Health.Set(HealthTopic.Login, report);
        observer.Changed(new SessionView(BackendState.NeedsLogin, page));
        running.TrySetException(report.ToException());
    }

    void Registered(MachinePublicKey serverKey)
    {
        registered = true;
        authKey = null;
        NodeState state = settings.Store.Current;
        string key = identity.ExportText();
        if (!state.Registered || state.NodeKey != key || (state.ServerKey is null && !serverKey.IsZero))
        {
            settings.Store.Update(next =>
            {
                next.NodeKey = key;
                next.NextNodeKey = null;
                next.Registered = true;
                if (next.ServerKey is null && !serverKey.IsZero)
                {
                    next.ServerKey = serverKey.ToString();
                    next.ServerKeyPin = null;
                }
            });
        }

        settings.Health.Clear(HealthTopic.Login, HealthTopic.State);
        observer.Changed(new SessionView(BackendState.Starting));
    }
}
