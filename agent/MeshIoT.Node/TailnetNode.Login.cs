using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Control;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Node.Engine;
using MeshIoT.Node.Kernel;
using MeshIoT.Node.Session;
using MeshIoT.Node.State;

namespace MeshIoT.Node;

/// <content>Joining, leaving, and what the session with the coordinator brings.</content>
public sealed partial class TailnetNode
{
    static readonly TimeSpan LogoutLimit = TimeSpan.FromSeconds(5);

    volatile CoordinatorSession? running;
    CancellationTokenSource? sessionStop;
    Task sessionTask = Task.CompletedTask;

    /// <summary>
    /// Joins the tailnet and returns when packets may flow; changes settings of a node that is in. Throws a
    /// <see cref="FaultException"/> when the coordinator refuses (key refused, wrong server key), and also when a person must
    /// approve the node, unless <see cref="UpRequest.Waiting"/> takes that. A coordinator that is away is no failure: the node goes
    /// on trying, also after <paramref name="ct"/> ended the wait, and <see cref="NodeStatus.Health"/> says when it tries again.
    /// </summary>
    public async Task UpAsync(UpRequest r, CancellationToken ct)
    {
        LoginPlan? plan = r.Resume ? null : LoginPlan.Check(r, store.Current, options);
        CoordinatorSession current;
        Task done;
        await lifecycle.WaitAsync(ct);
        try
        {
            ObjectDisposedException.ThrowIf(disposed != 0, this);
            current = plan is null
                ? running ?? throw Faults.NodeNotRunning.With(Status.BackendState).ToException()
                : await BeginLoginAsync(plan, r.ForceReauth);
            done = current.Reauth ?? current.Running;
        }
        finally
        {
            lifecycle.Release();
        }

        await WaitAsync(current, done, r.Waiting, ct);
    }

    /// <summary>Leaves the tailnet for now; the login is kept for the next <see cref="UpAsync"/>.</summary>
    public async Task DownAsync(CancellationToken ct)
    {
        await lifecycle.WaitAsync(ct);
        try
        {
            ObjectDisposedException.ThrowIf(disposed != 0, this);
            await StopSessionAsync();
            LeaveNetwork();
            health.Clear(HealthTopic.Coordinator, HealthTopic.Login, HealthTopic.KeyExpiry, HealthTopic.Notice, HealthTopic.Netmap);
            store.Update(static state => state.WantRunning = false);
            session = new SessionView(store.Current.Registered ? BackendState.Stopped : BackendState.NeedsLogin);
            RaiseChanged();
        }
        finally
        {
            lifecycle.Release();
        }
    }

    /// <summary>
    /// Tells the coordinator that this node leaves (a few seconds of best effort) and forgets the node key and the
    /// coordinator's key; the machine key stays.
    /// </summary>
    public async Task LogoutAsync(CancellationToken ct)
    {
        await lifecycle.WaitAsync(ct);
        try
        {
            ObjectDisposedException.ThrowIf(disposed != 0, this);
            await StopSessionAsync();
            bool told = store.Current is not { Registered: true, NodeKey: not null, LoginServer: not null } || await TellLogoutAsync(ct);
            ForgetNetwork();
            store.Update(static state =>
            {
                state.NodeKey = state.NextNodeKey = state.ServerKey = state.ServerKeyPin = null;
                state.Registered = state.WantRunning = false;
                state.NodeKeySince = 0;
            });
            health.Clear(HealthTopic.Coordinator, HealthTopic.Login, HealthTopic.KeyExpiry, HealthTopic.Notice, HealthTopic.Netmap);
            if (!told)
            {
                health.Set(HealthTopic.Notice, Faults.LogoutNotTold.With(LoginServer?.Host));
            }

            session = new SessionView(BackendState.NeedsLogin);
            RaiseChanged();
        }
        finally
        {
            lifecycle.Release();
        }
    }

    // Lifecycle held. The session that now is, or becomes, what the plan wants.
    async Task<CoordinatorSession> BeginLoginAsync(LoginPlan plan, bool forceReauth)
    {
        NodeState state = store.Current;
        if (running is { } current && state.WantRunning && plan.KeepsSession(state) && !sessionTask.IsCompleted)
        {
            bool isUp = current.Running.IsCompletedSuccessfully;
            if (isUp && (forceReauth || block == NetworkBlock.KeyExpired))
            {
                Remember(plan);
                await DropBackoff(current.BeginReauth(plan.AuthKey));
                return current;
            }

            // Who asks twice is shown the same page; who has a key now does not need it.
            if (isUp || (current.WaitsFor is not null && plan.AuthKey is null))
            {
                Remember(plan);
                return current;
            }
        }

        await StopSessionAsync();
        CheckClock();
        Remember(plan);
        await UseKeptNetmapAsync(CancellationToken.None);
        return StartSession(new SessionLogin(plan.AuthKey, forceReauth));

        static Task DropBackoff(Task reauth) => reauth.IsCompleted ? reauth : Task.CompletedTask;
    }

    static async Task WaitAsync(CoordinatorSession session, Task done, Action<FaultReport, Uri?>? waiting, CancellationToken ct)
    {
        TaskCompletionSource person = new(TaskCreationOptions.RunContinuationsAsynchronously);
        void Heard(FaultReport report, Uri? page)
        {
            if (waiting is null)
            {
                person.TrySetException(report.ToException());
            }
            else
            {
                waiting(report, page);
            }
        }

        session.Waiting += Heard;
        try
        {
            if (!done.IsCompleted && session.WaitsFor is { } now)
            {
                Heard(now.Report, now.Page);
            }

            await (await Task.WhenAny(done, person.Task).WaitAsync(ct));
        }
        finally
        {
            session.Waiting -= Heard;
            _ = person.TrySetCanceled(CancellationToken.None);
        }
    }

    void Remember(LoginPlan plan)
    {
        NodeState before = store.Current;
        bool moved = before.LoginServer is not null && before.LoginServer != plan.Server.AbsoluteUri;
        if (moved)
        {
            ForgetNetwork();
        }

        if (!plan.ChangesNothing(before))
        {
            store.Update(state => plan.ApplyTo(state, moved, random));
            selfChanged.Set();
            Reapply();
        }
    }

    CoordinatorSession StartSession(SessionLogin login)
    {
        CoordinatorSession started = new(settings, observer, login);
        CancellationTokenSource stop = new();
        running = started;
        sessionStop = stop;
        observer.Changed(new SessionView(BackendState.Starting));
        sessionTask = Task.Run(() => started.RunAsync(stop.Token));
        return started;
    }

    async Task StopSessionAsync()
    {
        if (sessionStop is { } stop)
        {
            await stop.CancelAsync();
            await sessionTask;
            stop.Dispose();
            sessionStop = null;
            running = null;
        }
    }

    // Lifecycle held. The coordinator would find out by itself, only later.
    async Task LeaveIfEphemeralAsync()
    {
        if (store.Current is { Ephemeral: true, Registered: true, NodeKey: not null, LoginServer: not null })
        {
            await TellLogoutAsync(CancellationToken.None);
            keeper.Forget();
        }
    }

    async Task<bool> TellLogoutAsync(CancellationToken ct)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(LogoutLimit);
        try
        {
            await new CoordinatorSession(settings, observer, new SessionLogin()).LogoutAsync(limit.Token);
            return true;
        }
#pragma warning disable CA1031 // Best effort: a coordinator that is away will see the node expire; leaving must not depend on it.
        catch (Exception) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return false;
        }
    }
}
