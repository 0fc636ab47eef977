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

    CoordinatorSession? running;
    CancellationTokenSource? sessionStop;
    Task sessionTask = Task.CompletedTask;

    /// <summary>
    /// Joins the tailnet and returns when it has a netmap. Throws a <see cref="FaultException"/> when a person must act (key
    /// refused, wrong server key, approval needed). A coordinator that is away is no failure: the node goes on trying, also
    /// after <paramref name="ct"/> ended the wait, and <see cref="NodeStatus.Health"/> says when it tries again.
    /// </summary>
    public async Task UpAsync(UpRequest r, CancellationToken ct)
    {
        Uri server = CheckServer(r.LoginServer ?? LoginServer);
        string? authKey = CheckAuthKey(r.AuthKey);
        if (r.Hostname is { } name)
        {
            HostDescription.CheckName(name);
        }

        if (r.ServerKeyPin is { } pin && !PinCheck.IsPin(pin))
        {
            throw Faults.ServerKeyPinInvalid.With().ToException();
        }

        CoordinatorSession current;
        await lifecycle.WaitAsync(ct);
        try
        {
            ObjectDisposedException.ThrowIf(disposed != 0, this);
            if (running is { Running.IsCompletedSuccessfully: true } && SavesNothingNew(r, server))
            {
                return;
            }

            await StopSessionAsync();
            CheckClock();
            Remember(r, server);
            current = StartSession(authKey);
        }
        finally
        {
            lifecycle.Release();
        }

        await current.Running.WaitAsync(ct);
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
            health.Clear(HealthTopic.Coordinator, HealthTopic.Login);
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
            if (store.Current is { Registered: true, NodeKey: not null, LoginServer: not null })
            {
                await TellLogoutAsync(ct);
            }

            LeaveNetwork();
            store.Update(static state =>
            {
                state.NodeKey = state.NextNodeKey = state.ServerKey = state.ServerKeyPin = null;
                state.Registered = state.WantRunning = false;
            });
            health.Clear(HealthTopic.Coordinator, HealthTopic.Login);
            session = new SessionView(BackendState.NeedsLogin);
            RaiseChanged();
        }
        finally
        {
            lifecycle.Release();
        }
    }

    static Uri CheckServer(Uri? server)
    {
        if (server is null)
        {
            throw Faults.LoginServerMissing.With().ToException();
        }

        bool good = server.IsAbsoluteUri && (server.Scheme == Uri.UriSchemeHttp || server.Scheme == Uri.UriSchemeHttps)
            && server.Host.Length > 0 && server.UserInfo.Length == 0;
        return good ? server : throw Faults.LoginServerInvalid.With(server.OriginalString).ToException();
    }

    // Any text a coordinator may have made; what cannot be one (a pasted file, an empty variable) is told at once.
    static string? CheckAuthKey(string? key)
    {
        if (key is null)
        {
            return null;
        }

        key = key.Trim();
        bool good = key.Length is > 0 and <= 1024 && !key.AsSpan().ContainsAnyExceptInRange('!', '~');
        return good ? key : throw Faults.AuthKeyUnreadable.With().ToException();
    }

    bool SavesNothingNew(UpRequest r, Uri server) =>
        store.Current is { WantRunning: true, LoginServer: { } known } state
        && known == server.AbsoluteUri
        && (r.Hostname is null || r.Hostname == state.Hostname)
        && (r.ServerKeyPin is null || HoldsPinnedKey(state, r.ServerKeyPin));

    static bool HoldsPinnedKey(NodeState state, string pin) =>
        MachinePublicKey.TryParse(state.ServerKey, out MachinePublicKey key) && PinCheck.Matches(pin, key);

    void Remember(UpRequest r, Uri server)
    {
        bool moved = store.Current.LoginServer is { } before && before != server.AbsoluteUri;
        if (moved)
        {
            LeaveNetwork();
        }

        store.Update(state =>
        {
            if (moved)
            {
                state.NodeKey = state.NextNodeKey = state.ServerKey = state.ServerKeyPin = null;
                state.Registered = false;
            }

            if (r.ServerKeyPin is { } pin && !HoldsPinnedKey(state, pin))
            {
                state.ServerKey = null;
                state.ServerKeyPin = pin;
            }

            if (state.NodeKey is null)
            {
                using NodePrivateKey fresh = NodePrivateKey.Generate(random);
                state.NodeKey = fresh.ExportText();
            }

            state.LoginServer = server.AbsoluteUri;
            state.Hostname = r.Hostname ?? state.Hostname ?? options.Hostname;
            state.WantRunning = true;
        });
    }

    CoordinatorSession StartSession(string? authKey)
    {
        CoordinatorSession started = new(settings, observer, authKey);
        CancellationTokenSource stop = new();
        running = started;
        sessionStop = stop;
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

    async Task TellLogoutAsync(CancellationToken ct)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(LogoutLimit);
        try
        {
            await new CoordinatorSession(settings, observer, authKey: null).LogoutAsync(limit.Token);
        }
#pragma warning disable CA1031 // Best effort: a coordinator that is away will see the node expire; leaving must not depend on it.
        catch (Exception) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
        }
    }

    void LeaveNetwork()
    {
        network = NetworkView.None;
        engine.Post((NetworkPlan?)null);
        ConfigureKernel(null);
    }

    void ConfigureKernel(NetworkPlan? plan)
    {
        if (routing is null)
        {
            return;
        }

        try
        {
            routing.Apply(plan);
            health.Clear(HealthTopic.Routing);
        }
        catch (FaultException e)
        {
            health.Set(HealthTopic.Routing, e.Report);
        }

        foreach (KernelListener listener in KernelListeners())
        {
            listener.Bind(plan?.Addresses ?? []);
        }
    }

    /// <summary>Hears of the session's progress, on its task.</summary>
    sealed class Observer(TailnetNode node) : SessionObserver
    {
        public override void Changed(SessionView view)
        {
            // A node with a netmap stays Running while its coordinator is away: its peers are still there.
            bool stays = view.State == BackendState.Starting && !ReferenceEquals(node.network, NetworkView.None);
            node.session = stays ? view with { State = BackendState.Running } : view;
            node.CheckClock();
            node.RaiseChanged();
        }

        public override ValueTask NetmapArrived(Netmap netmap, NodePrivateKey identity, CancellationToken ct)
        {
            NetworkPlan plan = PlanBuilder.Build(netmap, identity, node.flows);
            bool moved = !node.network.Self.Addresses.SequenceEqual(plan.Addresses);
            node.network = NetworkView.Create(netmap, plan, node.Hostname);
            node.engine.Post(plan);
            node.ConfigureKernel(plan);
            if (moved)
            {
                node.endpointsChanged.Set();
            }

            node.RaiseChanged();
            return ValueTask.CompletedTask;
        }
    }
}
