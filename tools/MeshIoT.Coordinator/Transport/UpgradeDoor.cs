using System;
using System.Buffers;
using System.IO;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace MeshIoT.Coordinator;

/// <summary>
/// Takes upgrade requests out before the HTTP server reads them: what an HTTP/1 request holds would otherwise be held as long as its node is
/// connected. Everything else goes on to the server untouched, a head that does not come in time too.
/// </summary>
/// <param name="ts2021">Serves the upgrades.</param>
/// <param name="headTimeout">How long a head may take before the server gets it as it is.</param>
internal sealed class UpgradeDoor(Ts2021Endpoint ts2021, TimeSpan headTimeout)
{
    /// <summary>Connection middleware for the listener that faces the network.</summary>
    public ConnectionDelegate Guard(ConnectionDelegate next) => async connection =>
    {
        string? handshake;
        try
        {
            handshake = await ReadHandshakeAsync(connection).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return;   // it went before it asked
        }

        await (handshake is null ? next(connection) : ts2021.ServeAsync(connection, handshake)).ConfigureAwait(false);
    };

    async Task<string?> ReadHandshakeAsync(ConnectionContext connection)
    {
        PipeReader input = connection.Transport.Input;
        CancellationToken closing = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(closing);
        late.CancelAfter(headTimeout);
        using CancellationTokenRegistration waking = late.Token.UnsafeRegister(static i => ((PipeReader)i!).CancelPendingRead(), input);
        while (true)
        {
            ReadResult result = await input.ReadAsync(CancellationToken.None).ConfigureAwait(false);
            UpgradeReading reading = Read(result.Buffer, out UpgradeRequest? request);
            if (reading == UpgradeReading.Complete)
            {
                input.AdvanceTo(result.Buffer.GetPosition(request!.HeadLength));
                return request.Handshake;
            }

            if (reading == UpgradeReading.Other || result.IsCompleted || result.IsCanceled)
            {
                // Nothing examined: the server finds it as if it had just come.
                input.AdvanceTo(result.Buffer.Start, result.Buffer.Start);
                return null;
            }

            input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    static UpgradeReading Read(in ReadOnlySequence<byte> received, out UpgradeRequest? request)
    {
        if (received.IsSingleSegment)
        {
            return UpgradeRequest.TryRead(received.FirstSpan, out request);
        }

        // No more than a head can be, and what the empty line takes.
        return UpgradeRequest.TryRead(received.Slice(0, Math.Min(received.Length, UpgradeRequest.MaxHeadLength + 4)).ToArray(), out request);
    }
}
