using System;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;
using Microsoft.AspNetCore.Http;

namespace MeshIoT.Coordinator;

/// <summary>
/// <c>/login/ID</c>: the page that a machine's address leads to. It shows who asks; whoever shows a login code (or an API token) there lets
/// the machine in as a node of that user. No cookie, no script: a request from another page has no code to show.
/// </summary>
internal sealed class LoginEndpoint(AdminContext admin, PendingLogins logins, LoginCodes codes, TokenGate tokens, FailureGate failures)
{
    /// <summary>Wrong codes that one login takes before it takes none any more.</summary>
    const int MaxWrong = 10;

    const string FormType = "application/x-www-form-urlencoded", Over = "This login is over";

    readonly ConditionalWeakTable<PendingLogin, StrongBox<int>> wrong = [];

    public async Task HandleAsync(HttpContext context)
    {
        string nonce = NewNonce();
        SetHeaders(context.Response.Headers, nonce);
        try
        {
            await (context.Request.Method switch
            {
                "GET" or "HEAD" => ShowAsync(context, nonce),
                "POST" => DecideAsync(context, nonce),
                _ => throw NotAllowed(context),
            }).ConfigureAwait(false);
        }
        catch (FaultException e)
        {
            int status = AdminApi.StatusOf(e.Report.Fault);
            if (status == StatusCodes.Status429TooManyRequests)
            {
                context.Response.Headers.RetryAfter = FailureGate.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
            }

            PendingLogin? login = e.Report.Fault == Faults.LoginUnknown ? null : Find(context);
            string page = login is null
                ? LoginHtml.Say(Over, $"{e.Report.Message} {e.Report.Next}", false, nonce)
                : LoginHtml.Ask(login, TagsOf(login), $"{e.Report.Message} {e.Report.Next}", admin.Now, nonce);
            await WriteAsync(context, status, page).ConfigureAwait(false);
        }
    }

    Task ShowAsync(HttpContext context, string nonce)
    {
        PendingLogin login = Find(context) ?? throw Faults.LoginUnknown.With().ToException();
        return WriteAsync(context, StatusCodes.Status200OK, LoginHtml.Ask(login, TagsOf(login), null, admin.Now, nonce));
    }

    async Task DecideAsync(HttpContext context, string nonce)
    {
        IPAddress? remote = RemoteAddress.Of(context);
        DemandSamePage(context.Request);
        TokenGate.DemandPrivacy(remote, AdminApi.IsSecure(context));
        if (context.Request.ContentType?.StartsWith(FormType, StringComparison.OrdinalIgnoreCase) != true)
        {
            throw Faults.AdminBodyType.With(FormType).ToException();
        }

        if (failures.IsShut(remote))
        {
            throw FailureGate.TooMany();
        }

        string code = LoginForm.Code(await AdminCall.ReadBodyAsync(context, LoginForm.MaxBytes, admin.Limits.BodyTimeout).ConfigureAwait(false));
        PendingLogin login = Find(context) ?? throw Faults.LoginUnknown.With().ToException();
        StrongBox<int> wrongCodes = wrong.GetOrCreateValue(login);
        if (Volatile.Read(ref wrongCodes.Value) >= MaxWrong)
        {
            throw Faults.LoginShut.With(MaxWrong).ToException();
        }

        UserRecord user = code.StartsWith(ApiTokenText.Prefix, StringComparison.OrdinalIgnoreCase)
            ? await ByTokenAsync(login, code, remote).ConfigureAwait(false)
            : await ByCodeAsync(login, code, remote, wrongCodes).ConfigureAwait(false);
        string what = user.Role == UserRole.Member && admin.Tailnet.Settings.NodeApproval
            ? $"It belongs to {user.DisplayName} and waits for an administrator now. You can close this page."
            : $"It is a node of {user.DisplayName} now. You can close this page.";
        await WriteAsync(context, StatusCodes.Status200OK, LoginHtml.Say($"{login.Hostname} is in", what, true, nonce)).ConfigureAwait(false);
    }

    async Task<UserRecord> ByTokenAsync(PendingLogin login, string token, IPAddress? remote)
    {
        Caller caller = await tokens.AdmitTokenAsync(token, remote).ConfigureAwait(false);
        caller.Demand(Scopes.LoginsWrite);
        await logins.ApproveAsync(login.Id, caller.UserId, caller.Actor).ConfigureAwait(false);
        return UserOf(caller.UserId);
    }

    async Task<UserRecord> ByCodeAsync(PendingLogin login, string typed, IPAddress? remote, StrongBox<int> wrongCodes)
    {
        TakenCode? code = codes.Take(typed);
        if (code is null)
        {
            Interlocked.Increment(ref wrongCodes.Value);
            failures.Count(remote);
            admin.Log.TurnedAway(remote?.ToString() ?? "unknown", "wrong login code");
            throw Faults.LoginCodeWrong.With().ToException();
        }

        try
        {
            UserRecord user = UserOf(code.UserId);
            await logins.ApproveAsync(login.Id, user.Id, user.Login, approve: user.Role != UserRole.Member).ConfigureAwait(false);
            return user;
        }
        catch (FaultException)
        {
            codes.PutBack(code);
            throw;
        }
    }

    UserRecord UserOf(long id) => admin.Tailnet.Users.TryGetValue(id, out UserRecord? user) ? user : throw Faults.LoginCodeWrong.With().ToException();

    PendingLogin? Find(HttpContext context) => logins.Find((context.Request.Path.Value ?? "")[RegisterEndpoint.LoginPath.Length..]);

    // Browsers say where a form came from; programs say nothing and have no one's trust to abuse.
    static void DemandSamePage(HttpRequest request)
    {
        string site = request.Headers["Sec-Fetch-Site"].ToString(), origin = request.Headers.Origin.ToString();
        bool isOwn = site is "" or "same-origin" or "none"
            && (origin.Length == 0 || (Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) && from.Authority.Equals(Authority(request, from), StringComparison.OrdinalIgnoreCase)));
        if (!isOwn)
        {
            throw Faults.LoginFromElsewhere.With().ToException();
        }
    }

    // The scheme's own port may be said or not.
    static string Authority(HttpRequest request, Uri from) =>
        Uri.TryCreate($"{from.Scheme}://{request.Host.Value}/", UriKind.Absolute, out Uri? own) ? own.Authority : "";

    static string TagsOf(PendingLogin login) => string.Join(", ", (login.Request.Hostinfo?.RequestTags ?? []).Where(TagName.IsValid).Take(AuthKeyRequest.MaxTags));

    static FaultException NotAllowed(HttpContext context)
    {
        context.Response.Headers.Allow = "GET, HEAD, POST";
        return Faults.AdminMethodNotAllowed.With("GET, HEAD, POST").ToException();
    }

    string NewNonce()
    {
        byte[] bytes = new byte[16];
        admin.Random.Fill(bytes, 0, bytes.Length);
        return Convert.ToHexStringLower(bytes);
    }

    static void SetHeaders(IHeaderDictionary headers, string nonce)
    {
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.ContentSecurityPolicy = $"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";

        // The address is a secret of sorts: no other site gets it. To our own it must go, or the form would come from nowhere.
        headers["Referrer-Policy"] = "same-origin";
    }

    static async Task WriteAsync(HttpContext context, int status, string page)
    {
        byte[] body = System.Text.Encoding.UTF8.GetBytes(page);
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = body.Length;
        if (context.Request.Method != "HEAD")
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
        }
    }
}
