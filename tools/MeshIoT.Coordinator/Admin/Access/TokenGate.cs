using System;
using System.Globalization;
using System.Net;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.Provisioning;

namespace MeshIoT.Coordinator;

/// <summary>Turns an <c>Authorization</c> header into a <see cref="Caller"/>, or says why not.</summary>
internal sealed class TokenGate(StateWriter writer, FailureGate failures, TimeProvider time, CoordinatorLog log)
{
    const string Scheme = "Bearer ";

    /// <summary>A token's last use is written down at most this often.</summary>
    static readonly TimeSpan UseNotedEvery = TimeSpan.FromHours(1);

    /// <summary>The caller that the header proves.</summary>
    /// <param name="authorization">The header's value, empty when there is none.</param>
    /// <param name="remote">Where it came from.</param>
    /// <param name="isSecure">True when nobody on the way could read it.</param>
    /// <exception cref="FaultException">It proves nobody, or not here.</exception>
    public async Task<Caller> AdmitAsync(string authorization, IPAddress? remote, bool isSecure)
    {
        if (authorization.Length == 0)
        {
            throw failures.IsShut(remote) ? FailureGate.TooMany() : Faults.ApiTokenNeeded.With().ToException();
        }

        DemandPrivacy(remote, isSecure);
        string text = authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? authorization[Scheme.Length..].Trim() : "";
        return await AdmitTokenAsync(text, remote).ConfigureAwait(false);
    }

    /// <summary>The caller whose token <paramref name="text"/> is.</summary>
    /// <exception cref="FaultException">It is nobody's.</exception>
    public async Task<Caller> AdmitTokenAsync(string text, IPAddress? remote)
    {
        DateTimeOffset now = time.GetUtcNow();
        Tailnet tailnet = writer.Current;
        ApiToken? token = ApiTokenText.HashOf(text) is { } hash ? tailnet.FindApiToken(hash) : null;
        if (token is null || token.Expires <= now || !tailnet.Users.TryGetValue(token.UserId, out UserRecord? user))
        {
            throw Refuse(token, remote);
        }

        if (token.LastUsed is null || now - token.LastUsed >= UseNotedEvery)
        {
            await NoteUseAsync(token.Id, now).ConfigureAwait(false);
        }

        return Caller.Of(token, user);
    }

    /// <summary>Goes on only where a secret on the way can be read by nobody but neighbours.</summary>
    /// <exception cref="FaultException">It came in the clear over a public network.</exception>
    public static void DemandPrivacy(IPAddress? remote, bool isSecure)
    {
        if (!isSecure && (remote is null || !LoginServer.IsPrivate(remote)))
        {
            throw Faults.SecretOverPlainHttp.With().ToException();
        }
    }

    FaultException Refuse(ApiToken? token, IPAddress? remote)
    {
        bool shut = failures.IsShut(remote);
        failures.Count(remote);
        if (shut)
        {
            return FailureGate.TooMany();
        }

        log.TurnedAway(remote?.ToString() ?? "unknown", token is null ? "unknown API token" : "expired API token");
        return (token is null
            ? Faults.ApiTokenUnknown.With()
            : Faults.ApiTokenExpired.With(token.Expires.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture))).ToException();
    }

    async Task NoteUseAsync(long id, DateTimeOffset now)
    {
        try
        {
            await writer.ChangeAsync(edit =>
            {
                if (edit.Current.ApiTokens.TryGetValue(id, out ApiToken? token))
                {
                    edit.Put(token with { LastUsed = now });
                }

                return true;
            }).ConfigureAwait(false);
        }
        catch (FaultException e)
        {
            // Reading goes on with a full disk; only the note is lost.
            log.Fault(e.Report);
        }
    }
}
