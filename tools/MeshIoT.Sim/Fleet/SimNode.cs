using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Control;
using MeshIoT.Crypto;
using MeshIoT.Tailcfg;

namespace MeshIoT.Sim;

/// <summary>
/// One node: joins, keeps its map stream open, comes back when it breaks, and says so when its endpoint changes.
/// Waits as tailscaled does: n²·10 ms after the n-th failure, give or take a half, at most 30 s; or as long as Retry-After says.
/// </summary>
internal sealed class SimNode(Fleet fleet, int index, bool isHub, IPAddress source) : IMapSink
{
    /// <summary>What the nodes say they are.</summary>
    public const int CapabilityVersion = 130;

    static readonly TimeSpan DialTimeout = TimeSpan.FromSeconds(30), LongestBackoff = TimeSpan.FromSeconds(30);

    readonly MachinePrivateKey machine = MachinePrivateKey.Generate(fleet.Random);
    readonly NodePublicKey nodeKey = NodePrivateKey.Generate(fleet.Random).PublicKey;
    readonly DiscoPublicKey disco = DiscoPrivateKey.Generate(fleet.Random).PublicKey;
    readonly Dictionary<long, int> peers = [];
    readonly SemaphoreSlim updating = new(1, 1);
    Http2Session? session;
    bool isRegistered;
    int failures;

    public bool IsHub => isHub;

    /// <summary>0 until the coordinator has said it.</summary>
    public long Id { get; private set; }

    /// <summary>The number in the endpoint it last sent.</summary>
    public int LastChange { get; set; }

    /// <summary>A first frame has come on the stream that is open.</summary>
    public bool IsAdmitted { get; private set; }

    /// <summary>Whom it sees now.</summary>
    public long[] PeerIds()
    {
        lock (peers)
        {
            return [.. peers.Keys];
        }
    }

    /// <summary>Joins and stays until <paramref name="ct"/>.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            TimeSpan wait = TimeSpan.Zero;
            try
            {
                await ConnectAndStayAsync(ct).ConfigureAwait(false);
            }
            catch (TurnedAwayException e)
            {
                fleet.CountTurnedAway(e.Status);
                wait = e.RetryAfter;
            }
            catch (Exception e) when (e is IOException or SocketException or InvalidDataException or JsonException or ObjectDisposedException or OperationCanceledException)
            {
                if (!ct.IsCancellationRequested)
                {
                    fleet.CountFailure(e);
                }
            }

            bool wasIn = IsAdmitted;
            IsAdmitted = false;
            Interlocked.Exchange(ref session, null)?.Dispose();
            wait = wait > TimeSpan.Zero ? wait * (1 + (0.25 * System.Random.Shared.NextDouble())) : Backoff();
            wait += wasIn ? fleet.Jitter() : TimeSpan.Zero;
            await Task.Delay(wait, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Says that its endpoint is now the one of <paramref name="change"/>. False: it is not connected, or was refused.</summary>
    public async Task<bool> ChangeAsync(int change, CancellationToken ct)
    {
        await updating.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            if (session is not { } open || !IsAdmitted)
            {
                return false;
            }

            LastChange = change;
            fleet.Changes?.Sent(change);
            return await UpdateAsync(open, ct).ConfigureAwait(false) == 200;
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            return false;
        }
        finally
        {
            updating.Release();
        }
    }

    /// <summary>Drops the connection, as a node does whose network went away.</summary>
    public void Drop() => session?.Dispose();

    public void OnSelf(long nodeId)
    {
        Id = nodeId;
        failures = 0;
        if (!IsAdmitted)
        {
            IsAdmitted = true;
            fleet.OnAdmitted();
        }
    }

    public void OnAllPeers()
    {
        lock (peers)
        {
            peers.Clear();
        }
    }

    public void OnPeer(long nodeId, int change)
    {
        int before;
        lock (peers)
        {
            before = peers.GetValueOrDefault(nodeId);
            peers[nodeId] = Math.Max(before, change);
        }

        if (change > before)
        {
            fleet.Changes?.Seen(change, before);
        }
    }

    public void OnRemoved(long nodeId)
    {
        lock (peers)
        {
            peers.Remove(nodeId);
        }
    }

    async Task ConnectAndStayAsync(CancellationToken ct)
    {
        NoiseStream stream;
        using (CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(ct))
        {
            late.CancelAfter(DialTimeout);
            stream = await fleet.Dialer.DialAsync(source, machine, late.Token).ConfigureAwait(false);
        }

        using Http2Session open = await Http2Session.StartAsync(stream, ct).ConfigureAwait(false);
        Task reading = open.RunAsync(ct);
        try
        {
            await SpeakAsync(open, ct).ConfigureAwait(false);
        }
        finally
        {
            open.Dispose();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task SpeakAsync(Http2Session open, CancellationToken ct)
    {
        if (!isRegistered)
        {
            await RegisterAsync(open, ct).ConfigureAwait(false);
        }

        TaskCompletionSource<(int Status, int RetryAfter)> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        MapPoll poll = new(fleet.Options.Zstd, this, (status, retryAfter) => ended.TrySetResult((status, retryAfter)));
        session = open;
        await open.PostAsync("/machine/map", Serialize(stream: true), poll, ct).ConfigureAwait(false);
        if (!isRegistered)
        {
            isRegistered = true;
            await updating.WaitAsync(ct).ConfigureAwait(false);
            try
            {
                await UpdateAsync(open, ct).ConfigureAwait(false);
            }
            finally
            {
                updating.Release();
            }
        }

        (int Status, int RetryAfter) end = await ended.Task.WaitAsync(ct).ConfigureAwait(false);
        if (end.Status is not (0 or 200))
        {
            throw new TurnedAwayException(end.Status, end.RetryAfter, "map");
        }
    }

    async Task RegisterAsync(Http2Session open, CancellationToken ct)
    {
        RegisterRequest request = new()
        {
            Version = CapabilityVersion,
            NodeKey = nodeKey,
            Auth = new RegisterAuth { AuthKey = isHub ? fleet.Options.HubKey : fleet.Options.SensorKey },
            Hostinfo = Hostinfo(),
        };
        ShortAnswer answer = new();
        await open.PostAsync("/machine/register", JsonSerializer.SerializeToUtf8Bytes(request, TailcfgJson.Default.RegisterRequest), answer, ct).ConfigureAwait(false);
        await answer.Completed.WaitAsync(ct).ConfigureAwait(false);
        if (answer.Status != 200)
        {
            throw new TurnedAwayException(answer.Status, answer.RetryAfterSeconds, "register");
        }

        if (JsonSerializer.Deserialize(answer.Body, TailcfgJson.Default.RegisterResponse) is { Error: { Length: > 0 } error })
        {
            throw new InvalidDataException("register: " + error);
        }
    }

    async Task<int> UpdateAsync(Http2Session open, CancellationToken ct)
    {
        ShortAnswer answer = new();
        await open.PostAsync("/machine/map", Serialize(stream: false), answer, ct).ConfigureAwait(false);
        await answer.Completed.WaitAsync(ct).ConfigureAwait(false);
        return answer.Status;
    }

    byte[] Serialize(bool stream) => JsonSerializer.SerializeToUtf8Bytes(new MapRequest
    {
        Version = CapabilityVersion,
        NodeKey = nodeKey,
        DiscoKey = disco,
        Stream = stream,
        OmitPeers = !stream,
        KeepAlive = true,
        Compress = fleet.Options.Zstd ? "zstd" : null,
        Hostinfo = Hostinfo(),
        Endpoints = [ChangeEndpoint.Format(LastChange), "192.0.2.1:41641"],
    }, TailcfgJson.Default.MapRequest);

    Hostinfo Hostinfo() => new()
    {
        Hostname = (isHub ? "hub-" : "sensor-") + index.ToString(CultureInfo.InvariantCulture),
        OS = "linux",
        IPNVersion = "0.1.0",
    };

    TimeSpan Backoff()
    {
        failures = Math.Min(failures + 1, 100);
        TimeSpan wait = TimeSpan.FromMilliseconds(failures * failures * 10 * (0.5 + System.Random.Shared.NextDouble()));
        return wait < LongestBackoff ? wait : LongestBackoff;
    }
}
