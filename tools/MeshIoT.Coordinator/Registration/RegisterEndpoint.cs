using System;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Tailcfg;
using Microsoft.AspNetCore.Http;

namespace MeshIoT.Coordinator;

/// <summary>
/// <c>POST /machine/register</c>: every answer is 200 with a <see cref="RegisterResponse"/>, a refusal in its <c>Error</c>;
/// 400 for what is no request, 429 with <c>Retry-After</c> when there is too much.
/// </summary>
internal sealed class RegisterEndpoint(
    StateWriter writer, NodeView view, PendingLogins logins, RefusalLedger refused, Func<Uri?> serverUrl, CoordinatorLimits limits, TimeProvider time, CoordinatorLog log,
    CancellationToken stopping)
{
    /// <summary>The oldest clients that Headscale takes too.</summary>
    public const int OldestVersion = 113;

    /// <summary>What the path of a login page begins with; the login's ID follows.</summary>
    public const string LoginPath = "/login/";

    const int RetryAfterSeconds = 10, MaxPendingHostinfo = 16 * 1024;

    readonly AddressBuckets refusals = new(limits.RefusalBurst, 1 / limits.RefusalForgivenSeconds, time);
    int pending, parked;

    public async Task HandleAsync(HttpContext context, NoisePeer peer)
    {
        if (Interlocked.Increment(ref pending) > limits.MaxPendingRegistrations || writer.IsBusy || refusals.IsEmpty(peer.Remote))
        {
            Interlocked.Decrement(ref pending);
            await TurnAwayAsync(context, peer).ConfigureAwait(false);
            return;
        }

        RegisterRequest? request;
        try
        {
            request = await HttpBodies.ReadJsonAsync(context, TailcfgJson.Default.RegisterRequest, limits).ConfigureAwait(false);
            if (request is null)
            {
                return;
            }

            if (WhatIsWrong(request) is { } wrong)
            {
                await HttpBodies.WriteTextAsync(context, StatusCodes.Status400BadRequest, wrong).ConfigureAwait(false);
                return;
            }
        }
        finally
        {
            Interlocked.Decrement(ref pending);
        }

        try
        {
            RegisterResponse? response = await AnswerAsync(peer, request, context.RequestAborted).ConfigureAwait(false);
            await (response is null
                ? TurnAwayAsync(context, peer)
                : HttpBodies.WriteJsonAsync(context, StatusCodes.Status200OK, response, TailcfgJson.Default.RegisterResponse)).ConfigureAwait(false);
        }
        catch (FaultException e)
        {
            Count(peer, e.Report.Fault);
            log.Refused(peer.Machine.ShortString(), peer.Remote, e.Report.Fault.Code);
            RegisterResponse response = new() { Error = e.Report.ToString() };
            await HttpBodies.WriteJsonAsync(context, StatusCodes.Status200OK, response, TailcfgJson.Default.RegisterResponse).ConfigureAwait(false);
        }
    }

    // Null: too many logins.
    async Task<RegisterResponse?> AnswerAsync(NoisePeer peer, RegisterRequest request, CancellationToken aborted)
    {
        string? known = null;
        if (request.Followup is { Length: > 0 } followup && request.Auth?.AuthKey is not { Length: > 0 } && writer.Current.FindByNodeKey(request.NodeKey) is null)
        {
            known = IdIn(followup);
            if (Interlocked.Increment(ref parked) > limits.MaxPendingLogins * 2)
            {
                Interlocked.Decrement(ref parked);
                return null;
            }

            LoginDecision decision = await ParkAsync(known, peer.Machine, aborted).ConfigureAwait(false);
            if (decision == LoginDecision.Rejected)
            {
                throw Faults.LoginRejected.With().ToException();
            }
        }

        DateTimeOffset now = time.GetUtcNow();
        Registration done = await writer.ChangeAsync(edit => Registrar.Register(edit, peer.Machine, request, now)).ConfigureAwait(false);
        return done.Kind == RegistrationKind.LoginNeeded ? AskToLogIn(peer, request, known) : Accept(done, peer);
    }

    async Task<LoginDecision> ParkAsync(string id, MachinePublicKey machine, CancellationToken aborted)
    {
        try
        {
            using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(aborted, stopping);
            LoginDecision decision = await logins.WaitAsync(id, machine, ended.Token).ConfigureAwait(false);
            ended.Token.ThrowIfCancellationRequested();
            return decision;
        }
        finally
        {
            Interlocked.Decrement(ref parked);
        }
    }

    RegisterResponse? AskToLogIn(NoisePeer peer, RegisterRequest request, string? known)
    {
        if (serverUrl() is not { } url)
        {
            throw Faults.AuthKeyNeeded.With().ToException();
        }

        RegisterRequest kept = NodeReport.SizeOf(request.Hostinfo) <= MaxPendingHostinfo ? request
            : request with { Hostinfo = new Hostinfo { Hostname = HostnameLabel.Of(request.Hostinfo?.Hostname), RequestTags = request.Hostinfo?.RequestTags is { Count: <= AuthKeyRequest.MaxTags } tags ? tags : null } };
        if (logins.Open(peer.Machine, kept, peer.Remote, known) is not { } login)
        {
            return null;
        }

        log.LoginWaits(login.MachineShort, login.Hostname, peer.Remote);
        return new RegisterResponse { AuthURL = new Uri(url, LoginPath + login.Id).ToString() };
    }

    // The last part of the path, whatever the rest says.
    static string IdIn(string url) => url[(url.LastIndexOf('/') + 1)..];

    static string? WhatIsWrong(RegisterRequest request) =>
        request.Version < OldestVersion ? Faults.ClientTooOld.With(request.Version, OldestVersion).ToString()
        : request.NodeKey.IsZero ? "the node key is missing"
        : NodeReport.IsTooLarge(request.Hostinfo) ? "Hostinfo is too large"
        : null;

    RegisterResponse Accept(Registration done, NoisePeer peer)
    {
        if (done.Node is not { } node)
        {
            return new RegisterResponse { NodeKeyExpired = true };
        }

        log.Registered(node.Id, node.Label, done.Kind, AddressPlan.IPv4(node.AddressIndex), peer.Remote);
        Owner owner = view.OwnerOf(writer.Current, node);
        return new RegisterResponse
        {
            User = owner.ToUser(),
            Login = owner.ToLogin(),
            MachineAuthorized = node.Approved,
            NodeKeyExpired = done.Kind is RegistrationKind.Expired or RegistrationKind.LoggedOut,
        };
    }

    Task TurnAwayAsync(HttpContext context, NoisePeer peer)
    {
        log.TurnedAway(peer.Remote, "too many registrations");
        context.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        return HttpBodies.WriteTextAsync(context, StatusCodes.Status429TooManyRequests, "too many registrations, try again later");
    }

    void Count(NoisePeer peer, Fault fault)
    {
        if (fault != Faults.StateWriteFailed)
        {
            refusals.TryTake(peer.Remote);
            refused.Count(fault.Code, peer.Remote);
        }
    }
}
