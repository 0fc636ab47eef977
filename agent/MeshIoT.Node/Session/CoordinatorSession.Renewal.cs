using System;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Control;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Node.State;
using MeshIoT.Node.Userspace;
using MeshIoT.Tailcfg;

namespace MeshIoT.Node.Session;

/// <content>
/// A new node key in place of the present one: before that expires, or because a person wants it. The map stream and all
/// sessions go on under the present key until the coordinator has accepted the new one. control-plane.md section 4, flow 4.
/// </content>
internal sealed partial class CoordinatorSession
{
    // A coordinator that says no, or cannot now, is asked again this much later.
    static readonly TimeSpan RenewalPause = TimeSpan.FromHours(6);

    // The longest a timer is set for; a clock that was set meanwhile is seen then at the latest.
    static readonly TimeSpan LongestSleep = TimeSpan.FromHours(12);

    readonly AsyncGate renewalChanged = new();
    readonly Lock renewalGate = new();
    DateTimeOffset? keyExpiry;
    TimeSpan clockOffset;
    DateTimeOffset renewalNotBefore;
    CancellationTokenSource? attempt;
    volatile ReauthRequest? reauth;

    /// <summary>The renewal a person asked for, while it is under way; null: none is.</summary>
    public Task? Reauth => reauth?.Done.Task;

    /// <summary>Begins a login under a new key; one that is under way goes on, unless there is an auth key now. Any thread.</summary>
    public Task BeginReauth(string? key)
    {
        lock (renewalGate)
        {
            if (reauth is { } present && key is null)
            {
                return present.Done.Task;
            }

            ReauthRequest wish = new(key);
            Silence(wish.Done.Task);
            reauth?.Done.TrySetCanceled();
            reauth = wish;
            attempt?.Cancel();
            renewalChanged.Set();
            return wish.Done.Task;
        }
    }

    /// <summary>When the present key expires, by the coordinator's last word.</summary>
    void KeyExpires(DateTimeOffset? expiry, TimeSpan offset)
    {
        if (keyExpiry == expiry && clockOffset == offset)
        {
            return;
        }

        lock (renewalGate)
        {
            (keyExpiry, clockOffset) = (expiry, offset);
            if (reauth is null && UntilRenewal() > TimeSpan.Zero)
            {
                // It was extended: nobody has to do anything any more.
                attempt?.Cancel();
                renewalNotBefore = default;
                settings.Health.Clear(HealthTopic.KeyExpiry);
                EndRenewalWait();
            }

            renewalChanged.Set();
        }
    }

    // Never throws. True: the node has another key, and the stream was ended.
    async Task<bool> KeepKeyFreshAsync(CoordinatorLink link, CancellationTokenSource stream)
    {
        CancellationToken ct = stream.Token;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                if (await WaitUntilDueAsync(ct) && await RenewAsync(link, ct))
                {
                    await stream.CancelAsync();
                    return true;
                }
            }
            catch (OperationCanceledException)
            {
                // Ended, or the wish has changed: the loop looks.
            }
            catch (SessionRefusedException e)
            {
                FailReauth(e.Report);
                RenewalFailed(e.Report);
            }
            catch (FaultException e)
            {
                RenewalFailed(e.Report);
            }
#pragma warning disable CA1031 // The stream beside it tells the person what is wrong with the coordinator.
            catch (Exception)
#pragma warning restore CA1031
            {
                await DelayAsync(Backoff.Next(10, 0.5), ct);
            }
        }

        return false;
    }

    // False: woken for something else.
    async Task<bool> WaitUntilDueAsync(CancellationToken ct)
    {
        TimeSpan wait = reauth is not null ? TimeSpan.Zero : UntilRenewal();
        if (wait <= TimeSpan.Zero)
        {
            return true;
        }

        using CancellationTokenSource timer = new(wait < LongestSleep ? wait : LongestSleep, settings.Clock);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, ct);
        await renewalChanged.WaitAsync(both.Token);
        return false;
    }

    TimeSpan UntilRenewal()
    {
        long since = settings.Store.Current.NodeKeySince;
        DateTimeOffset? due = RenewalSchedule.Due(
            keyExpiry, since > 0 ? DateTimeOffset.FromUnixTimeSeconds(since) : null, settings.Options.RenewKeyBefore);
        DateTimeOffset now = settings.Clock.GetUtcNow() + clockOffset;
        return due is { } at ? (at > renewalNotBefore ? at : renewalNotBefore) - now : TimeSpan.MaxValue;
    }

    async Task<bool> RenewAsync(CoordinatorLink link, CancellationToken ct)
    {
        ReauthRequest? wish;
        CancellationTokenSource limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        lock (renewalGate)
        {
            wish = reauth;
            attempt = limited;
        }

        try
        {
            NodePublicKey old = identity.PublicKey;
            NodePrivateKey next = NextKey();
            RegisterResponse response = await link.RegisterAsync(NewRotation(next, old), limited.Token);
            if (response.NodeKeyExpired && response.Error.Length == 0)
            {
                throw new SessionRefusedException(Faults.LoginNeeded.With(server.Host), RenewalPause);
            }

            await FinishLoginAsync(link, response, next, old, page => WaitForRenewal(page, wish), limited.Token);
            Accepted(next, default);
        }
        finally
        {
            lock (renewalGate)
            {
                attempt = null;
            }

            limited.Dispose();
        }

        keyExpiry = null;
        settings.Health.Clear(HealthTopic.KeyExpiry);
        reauth = null;
        wish?.Done.TrySetResult();
        return true;
    }

    bool IsExpired => keyExpiry is { } end && end <= settings.Clock.GetUtcNow() + clockOffset;

    void WaitForRenewal(Uri page, ReauthRequest? wish)
    {
        FaultReport report = wish is not null || IsExpired
            ? Faults.ApprovalNeeded.With(page.AbsoluteUri) : Faults.RenewalNeedsApproval.With(TimeText(keyExpiry), page.AbsoluteUri);
        settings.Health.Clear(HealthTopic.KeyExpiry);
        settings.Health.Set(HealthTopic.Login, report);
        WaitFor(report, page);
        observer.Changed(new SessionView(BackendState.Running, Connected: true));
    }

    // The page that was shown leads nowhere any more.
    void EndRenewalWait()
    {
        if (waited is { Page: not null })
        {
            waited = null;
            settings.Health.Clear(HealthTopic.Login);
            observer.Changed(new SessionView(BackendState.Running, Connected: true));
        }
    }

    void RenewalFailed(FaultReport report)
    {
        EndRenewalWait();
        renewalNotBefore = settings.Clock.GetUtcNow() + clockOffset + RenewalPause;
        if (!IsExpired && UntilRenewal() <= RenewalPause)
        {
            settings.Health.Set(HealthTopic.KeyExpiry, Faults.NodeKeyExpiring.With(TimeText(keyExpiry), report.Message));
        }
    }

    void FailReauth(FaultReport report)
    {
        lock (renewalGate)
        {
            reauth?.Done.TrySetException(report.ToException());
            reauth = null;
        }
    }

    void EndReauth(CancellationToken ct)
    {
        lock (renewalGate)
        {
            reauth?.Done.TrySetCanceled(ct);
            reauth = null;
        }
    }

    /// <summary>A time for people.</summary>
    internal static string TimeText(DateTimeOffset? time) =>
        time is { } at ? at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) : "an unknown time";
}
