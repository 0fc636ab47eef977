using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MeshIoT.Coordinator;

/// <summary>
/// The administration's REST interface, at two doors: the Unix socket, whose file mode is its access control, and the network with API
/// tokens. Errors are problem+json (RFC 9457) with the fault's code, message and next step.
/// </summary>
internal sealed class AdminApi(RouteTable routes, TokenGate tokens, CoordinatorLimits limits)
{
    /// <summary>What every path of the interface starts with.</summary>
    public const string Prefix = "/api/v1/";

    /// <summary>Statuses that the fault's exit code does not say.</summary>
    static readonly ImmutableDictionary<string, int> Statuses = new Dictionary<string, int>
    {
        [Faults.StateWriteFailed.Code] = StatusCodes.Status503ServiceUnavailable,
        [Faults.AdminMethodNotAllowed.Code] = StatusCodes.Status405MethodNotAllowed,
        [Faults.AdminBodyType.Code] = StatusCodes.Status415UnsupportedMediaType,
        [Faults.AdminBodyTooLarge.Code] = StatusCodes.Status413PayloadTooLarge,
        [Faults.AdminBodyTooSlow.Code] = StatusCodes.Status408RequestTimeout,
        [Faults.AdminConflict.Code] = StatusCodes.Status409Conflict,
        [Faults.PolicyChanged.Code] = StatusCodes.Status412PreconditionFailed,
        [Faults.ApiTokenNeeded.Code] = StatusCodes.Status401Unauthorized,
        [Faults.ApiTokenUnknown.Code] = StatusCodes.Status401Unauthorized,
        [Faults.ApiTokenExpired.Code] = StatusCodes.Status401Unauthorized,
        [Faults.TooManyFailures.Code] = StatusCodes.Status429TooManyRequests,
    }.ToImmutableDictionary();

    /// <summary>At the Unix socket: whoever may open it may do everything.</summary>
    public Task HandleLocalAsync(HttpContext context) => HandleAsync(context, isLocal: true);

    /// <summary>At the network's door.</summary>
    public Task HandleRemoteAsync(HttpContext context) => HandleAsync(context, isLocal: false);

    async Task HandleAsync(HttpContext context, bool isLocal)
    {
        SetHeaders(context.Response.Headers);
        try
        {
            (AdminRoute? route, var parameters, var methods) = routes.Find(context.Request.Method, context.Request.Path.Value ?? "/");
            Caller? caller = isLocal ? Caller.Local : route?.Access.IsPublic == true ? Caller.Nobody : null;

            // Without a token not even which paths there are is said.
            caller ??= await tokens.AdmitAsync(context.Request.Headers.Authorization.ToString(), RemoteAddress.Of(context), IsSecure(context)).ConfigureAwait(false);
            if (route is null)
            {
                throw NotThere(context, methods);
            }

            if (!route.Access.IsPublic)
            {
                caller.Demand(route.Access.Scope);
            }

            await route.Handle(new AdminCall(context, caller, parameters, limits)).ConfigureAwait(false);
        }
        catch (FaultException e)
        {
            await WriteProblemAsync(context, e.Report).ConfigureAwait(false);
        }
    }

    /// <summary>True when this server itself has decrypted the request.</summary>
    public static bool IsSecure(HttpContext context) => context.Features.Get<ITlsConnectionFeature>() is not null;

    static FaultException NotThere(HttpContext context, IReadOnlyList<string> methods)
    {
        if (methods.Count == 0)
        {
            return Faults.AdminNoSuchPath.With().ToException();
        }

        string allowed = string.Join(", ", methods);
        context.Response.Headers.Allow = allowed;
        return Faults.AdminMethodNotAllowed.With(allowed).ToException();
    }

    static void SetHeaders(IHeaderDictionary headers)
    {
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
    }

    static Task WriteProblemAsync(HttpContext context, FaultReport report)
    {
        int status = StatusOf(report.Fault);
        if (status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"meshiot\"";
        }

        if (status == StatusCodes.Status429TooManyRequests)
        {
            context.Response.Headers.RetryAfter = FailureGate.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        }

        return HttpBodies.WriteJsonAsync(context, status, ProblemDto.From(report, status), LocalApiJson.Default.ProblemDto, "application/problem+json");
    }

    /// <summary>The HTTP status of a fault.</summary>
    public static int StatusOf(Fault fault) => Statuses.TryGetValue(fault.Code, out int status) ? status : ProblemDto.StatusFor(fault.ExitCode);
}
