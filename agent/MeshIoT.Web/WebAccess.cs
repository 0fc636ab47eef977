using System;
using System.Net;
using System.Security.Cryptography;
using MeshIoT.Health;
using MeshIoT.Node;
using MeshIoT.Web.Http;

namespace MeshIoT.Web;

/// <summary>
/// Who may change something. On the local socket everybody who can open it. From the tailnet those to whom the policy grants
/// <see cref="SwitchCapability"/> on this node: the address is proved by WireGuard. From outside the tailnet who has the token, where one is configured;
/// otherwise nobody. A page of somebody else that a browser happens to show may change nothing.
/// </summary>
internal sealed class WebAccess(GatewayContext context)
{
    /// <summary>The capability that a policy grants, in the <c>app</c> part of a grant, to those who may set outputs.</summary>
    public const string SwitchCapability = "meshiot.dev/cap/switch";

    /// <summary>Whether the caller may set outputs.</summary>
    public bool CanSwitch(HttpRequest request) => request.Caller switch
    {
        { Door: HttpDoor.Local } => true,
        { Door: HttpDoor.Tailnet, Address: { } address } => context.MaySwitch(address),
        { Door: HttpDoor.Outside } => !context.Token.IsEmpty && CryptographicOperations.FixedTimeEquals(request.Fields.Token.Span, context.Token.Span),
        _ => false,
    };

    /// <summary>Refuses who may not, and what a browser sends on behalf of another site.</summary>
    /// <returns>The refusal; null: go on.</returns>
    public HttpResponse? Refuse(HttpRequest request)
    {
        if (request.Caller.Door != HttpDoor.Local && !IsOwnPage(request))
        {
            return HttpResponse.Problem(Faults.ForeignPage.With(), 403);
        }

        if (!CanSwitch(request))
        {
            bool isTokenWanted = request.Caller.Door == HttpDoor.Outside && !context.Token.IsEmpty;
            return isTokenWanted ? HttpResponse.Problem(Faults.WebTokenWanted.With(), 401)
                : HttpResponse.Problem(request.Caller.Door == HttpDoor.Outside ? Faults.OutsideReadsOnly.With() : Faults.SwitchNotGranted.With(SwitchCapability), 403);
        }

        // Forms of other sites cannot send this type without asking first, and nobody answers them.
        return request.Fields.ContentType == "application/json" ? null : HttpResponse.Problem(Faults.BodyNotUnderstood.With("Content-Type is application/json"), 415);
    }

    // By its own name or address (a name of somebody else's that leads here is none), and from this very page where a browser says from which.
    bool IsOwnPage(HttpRequest request)
    {
        string host = request.Host, origin = request.Fields.Origin;
        int colon = host.LastIndexOf(':');
        string name = colon > host.LastIndexOf(']') ? host[..colon] : host;
        NodeStatus? node = context.Node?.Invoke();
        bool isOwn = IPAddress.TryParse(name.Trim('[', ']'), out _) || Same(name, "localhost") || Same(name, context.Name()) || Same(name.TrimEnd('.'), node?.Self.Name ?? "");
        return isOwn && (origin.Length == 0 || origin == "http://" + host || origin == "https://" + host);
    }

    static bool Same(string name, string own) => own.Length > 0 && string.Equals(name, own, StringComparison.OrdinalIgnoreCase);
}
