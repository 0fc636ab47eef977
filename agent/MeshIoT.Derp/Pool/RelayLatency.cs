using System;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.Tailcfg;

namespace MeshIoT.Derp;

/// <summary>
/// How far a region's relays are where UDP is blocked: the round trip of one HTTPS request, by the same rules (names, pins, proxy) by
/// which connections to them are made. data-plane.md sections 3.2 and 4.4.
/// </summary>
public static class RelayLatency
{
    const int MostAtOnce = 8;

    // For each relay: some that are silent leave time for others.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    static readonly SemaphoreSlim Turns = new(MostAtOnce, MostAtOnce);

    /// <summary>The round trip to the first relay of the region that answers; null: none does. Ends with the token at the latest.</summary>
    public static async Task<TimeSpan?> MeasureAsync(int regionId, DerpRegion region, DerpPoolOptions options, CancellationToken ct)
    {
        RelayRegion relays = RelayRegion.From(regionId, region);
        RelayDialer dialer = new(options);
        await Turns.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            foreach (RelayNode node in relays.Nodes)
            {
                using CancellationTokenSource limit = new(Patience, options.Time);
                using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
                if (await OnOwnThreadAsync(dialer, node, relays.Code, both.Token).ConfigureAwait(false) is { } latency)
                {
                    return latency;
                }

                ct.ThrowIfCancellationRequested();
            }

            return null;
        }
        finally
        {
            Turns.Release();
        }
    }

    // Dialling blocks.
    static Task<TimeSpan?> OnOwnThreadAsync(RelayDialer dialer, RelayNode node, string region, CancellationToken ct)
    {
        TaskCompletionSource<TimeSpan?> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(Measure, RelayConnection.StackBytes) { IsBackground = true, Name = "relay " + region }.Start();
        return done.Task;

        void Measure()
        {
            try
            {
                done.SetResult(dialer.MeasureLatency(node, $"{region} ({node.Authority})", ct));
            }
            catch (Exception e) when (e is FaultException or OperationCanceledException)
            {
                done.SetResult(null);
            }
        }
    }
}
