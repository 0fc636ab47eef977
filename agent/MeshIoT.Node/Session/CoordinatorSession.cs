using System;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Control;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Node.State;

namespace MeshIoT.Node.Session;

/// <summary>
/// The node's life with its coordinator: register, follow the map, and after any failure try again, for ever and ever more
/// slowly. Packets flow on meanwhile: nothing here touches the engine but a new netmap. Registration is in
/// <c>CoordinatorSession.Registration.cs</c>, the map stream in <c>CoordinatorSession.Map.cs</c>, the replacement of a key that
/// expires in <c>CoordinatorSession.Renewal.cs</c>.
/// </summary>
internal sealed partial class CoordinatorSession
{
    // A portal or a hijacked name may answer for a while, so an unattended gateway looks again now and then.
    static readonly TimeSpan WrongKeyPause = TimeSpan.FromMinutes(5);

    readonly SessionSettings settings;
    readonly SessionObserver observer;
    readonly Uri server;
    string? authKey;
    bool registered;
    NodePrivateKey identity;
    volatile Waited? waited;
    volatile TaskCompletionSource running = NewOutcome();

    /// <summary>A session by what the state says; the auth key is used once and then forgotten.</summary>
    public CoordinatorSession(SessionSettings settings, SessionObserver observer, SessionLogin login)
    {
        this.settings = settings;
        this.observer = observer;
        authKey = login.AuthKey;
        NodeState state = settings.Store.Current;
        server = new Uri(state.LoginServer!);
        identity = ReadKey(state.NodeKey!);
        if (login.ForceReauth && state.Registered)
        {
            _ = BeginReauth(authKey);
            authKey = null;
        }
    }

    /// <summary>Raised on the session's task when a person must act elsewhere: what to say, and the page to open if there is one.</summary>
    public event Action<FaultReport, Uri?>? Waiting;

    /// <summary>What a person must do now, and where; null: nothing.</summary>
    public (FaultReport Report, Uri? Page)? WaitsFor => waited is { } now ? (now.Report, now.Page) : null;

    /// <summary>
    /// Ends well with the first usable netmap, badly when the coordinator refuses, and cancelled when the session is stopped before.
    /// A node that loses its place begins another one.
    /// </summary>
    public Task Running => running.Task;

    /// <summary>Runs until cancelled, or until a person must act and asking again makes no sense.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        int failures = 0;
        while (!ct.IsCancellationRequested)
        {
            gotNetmap = false;
            TimeSpan wait;
            try
            {
                if (await RunOnceAsync(ct))
                {
                    failures = 0; // under its new key at once
                    continue;
                }

                wait = Failed(ref failures, $"The coordinator {server.GetLeftPart(UriPartial.Authority)} ended the connection.");
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                break;
            }
            catch (SessionRefusedException e)
            {
                Refused(e.Report);
                if (e.RetryAfter is not { } pause)
                {
                    return;
                }

                wait = pause;
            }
            catch (FaultException e) when (e.Report.Fault == Faults.StateNotSaved)
            {
                settings.Health.Set(HealthTopic.State, e.Report);
                running.TrySetException(e);
                wait = Failed(ref failures, "This node cannot save its state.");
            }
            catch (FaultException e)
            {
                wait = Failed(ref failures, e.Report.Message);
            }
#pragma warning disable CA1031 // Whatever went wrong, the next try may work, and the health list says what it was.
            catch (Exception e)
#pragma warning restore CA1031
            {
                wait = Failed(ref failures, $"The coordinator {server.GetLeftPart(UriPartial.Authority)} cannot be used: {Sentence(e)}");
            }

            await DelayAsync(wait, ct);
        }

        running.TrySetCanceled(ct);
        EndReauth(ct);
    }

    static NodePrivateKey ReadKey(string text) =>
        NodePrivateKey.TryParse(text, out NodePrivateKey? key) ? key : throw new InvalidOperationException("the state was checked when it was read");

    // Nobody may be waiting when it fails; the failure is in the health list as well.
    static void Silence(Task task) => _ = task.ContinueWith(static done => _ = done.Exception, TaskScheduler.Default);

    static string Sentence(Exception e)
    {
        string text = (e.InnerException ?? e).Message.TrimEnd();
        return text.EndsWith('.') ? text : text + ".";
    }

    // True: the node has a new key, and the stream was ended to begin again under it.
    async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        NodeState state = settings.Store.Current;
        MachinePublicKey? pinned = state.ServerKey is { } text ? MachinePublicKey.Parse(text) : null;
        MachinePublicKey accepted = default;
        CoordinatorAddress address = new(server, settings.MachineKey, pinned, key =>
        {
            bool good = state.ServerKeyPin is null || PinCheck.Matches(state.ServerKeyPin, key);
            accepted = good ? key : default;
            return good;
        });

        await using CoordinatorLink link = settings.Open(address);
        try
        {
            if (!registered)
            {
                await RegisterAsync(link, () => accepted, ct);
            }

            return await FollowMapAsync(link, ct);
        }
        catch (FaultException e) when (e.Report.Fault == Faults.ServerKeyNotAccepted || e.Report.Fault == Faults.ServerKeyNotProved)
        {
            throw new SessionRefusedException(e.Report, WrongKeyPause);
        }
        catch (FaultException e) when (e.Report.Fault == Faults.NodeNotKnown)
        {
            removed = true;
            registered = false;
            throw;
        }
        catch when (!gotNetmap)
        {
            // It never worked: perhaps the coordinator does not know us any more.
            registered = false;
            throw;
        }
    }

    void Refused(FaultReport report)
    {
        waited = null;
        settings.Health.Set(HealthTopic.Login, report);
        settings.Health.Clear(HealthTopic.Coordinator);
        observer.Changed(new SessionView(BackendState.NeedsLogin));
        BeginOutcome();
        running.TrySetException(report.ToException());
        FailReauth(report);
    }

    // What was true of the login is so no more.
    void BeginOutcome()
    {
        if (running.Task.IsCompleted)
        {
            running = NewOutcome();
        }
    }

    static TaskCompletionSource NewOutcome()
    {
        TaskCompletionSource outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Silence(outcome.Task);
        return outcome;
    }

    // A person must act elsewhere; whoever waits for the node hears of it, and the session goes on.
    void WaitFor(FaultReport report, Uri? page)
    {
        if (waited is { } now && now.Report == report)
        {
            return;
        }

        waited = new Waited(report, page);
        Waiting?.Invoke(report, page);
    }

    TimeSpan Failed(ref int failures, string why)
    {
        failures = gotNetmap ? 1 : failures + 1;
        TimeSpan wait = Backoff.Next(failures, NextRandom());
        settings.Health.Set(HealthTopic.Coordinator, Faults.CoordinatorAway.With(why, Math.Max(1, (int)Math.Round(wait.TotalSeconds))));
        observer.CoordinatorAway();
        return wait;
    }

    double NextRandom()
    {
        byte[] random = new byte[2];
        settings.Random.Fill(random, 0, 2);
        return BitConverter.ToUInt16(random) / 65536.0;
    }

    async Task DelayAsync(TimeSpan wait, CancellationToken ct)
    {
        try
        {
            await Task.Delay(wait, settings.Clock, ct);
        }
        catch (OperationCanceledException)
        {
            // The loop looks at the token.
        }
    }

    sealed record Waited(FaultReport Report, Uri? Page);
}
