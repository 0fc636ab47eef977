using System;
using System.Collections.Concurrent;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.Tailcfg;
using Microsoft.AspNetCore.Http;

namespace MeshIoT.Coordinator;

/// <summary>
/// <c>POST /machine/register</c>: every answer is 200 with a <see cref="RegisterResponse"/>, a refusal in its <c>Error</c>;
/// 400 for what is no request, 429 with <c>Retry-After</c> when there is too much.
/// </summary>
internal sealed class RegisterEndpoint(StateWriter writer, NodeView view, CoordinatorLimits limits, TimeProvider time, CoordinatorLog log)
{
    /// <summary>The oldest clients that Headscale takes too.</summary>
    public const int OldestVersion = 113;

    const int MaxRememberedAddresses = 10_000, RetryAfterSeconds = 10;

    readonly ConcurrentDictionary<string, TokenBucket> refusals = new();
    int pending;

    public async Task HandleAsync(HttpContext context, NoisePeer peer)
    {
        if (Interlocked.Increment(ref pending) > limits.MaxPendingRegistrations || writer.IsBusy || HasTooManyRefusals(peer.Remote))
        {
            Interlocked.Decrement(ref pending);
            log.TurnedAway(peer.Remote, "too many registrations");
            context.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
            await HttpBodies.WriteTextAsync(context, StatusCodes.Status429TooManyRequests, "too many registrations, try again later").ConfigureAwait(false);
            return;
        }

        try
        {
            RegisterRequest? request = await HttpBodies.ReadJsonAsync(context, TailcfgJson.Default.RegisterRequest, limits).ConfigureAwait(false);
            if (request is not null)
            {
                await AnswerAsync(context, peer, request).ConfigureAwait(false);
            }
        }
        finally
        {
            Interlocked.Decrement(ref pending);
        }
    }

    async Task AnswerAsync(HttpContext context, NoisePeer peer, RegisterRequest request)
    {
        if (WhatIsWrong(request) is { } wrong)
        {
            await HttpBodies.WriteTextAsync(context, StatusCodes.Status400BadRequest, wrong).ConfigureAwait(false);
            return;
        }

        RegisterResponse response;
        try
        {
            DateTimeOffset now = time.GetUtcNow();
            Registration done = await writer.ChangeAsync(edit => Registrar.Register(edit, peer.Machine, request, now)).ConfigureAwait(false);
            response = Accept(done, peer);
        }
        catch (FaultException e)
        {
            if (e.Report.Fault != Faults.StateWriteFailed)
            {
                CountRefusal(peer.Remote);
            }

            log.Refused(peer.Machine.ShortString(), peer.Remote, e.Report.Fault.Code);
            response = new RegisterResponse { Error = e.Report.ToString() };
        }

        await HttpBodies.WriteJsonAsync(context, StatusCodes.Status200OK, response, TailcfgJson.Default.RegisterResponse).ConfigureAwait(false);
    }

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
        Owner owner = view.OwnerOf(node);
        return new RegisterResponse
        {
            User = owner.ToUser(),
            Login = owner.ToLogin(),
            MachineAuthorized = true,
            NodeKeyExpired = done.Kind is RegistrationKind.Expired or RegistrationKind.LoggedOut,
        };
    }

    bool HasTooManyRefusals(string remote) => refusals.TryGetValue(remote, out TokenBucket? bucket) && bucket.IsEmpty;

    void CountRefusal(string remote)
    {
        if (refusals.Count >= MaxRememberedAddresses)
        {
            foreach (string idle in refusals.Where(r => r.Value.IsFull).Select(r => r.Key).ToArray())
            {
                refusals.TryRemove(idle, out _);
            }
        }

        if (refusals.Count < MaxRememberedAddresses || refusals.ContainsKey(remote))
        {
            refusals.GetOrAdd(remote, _ => new TokenBucket(limits.RefusalBurst, 1 / limits.RefusalForgivenSeconds, time)).TryTake();
        }
    }
}
