using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace MeshIoT.Coordinator;

/// <summary>An upgraded connection as the HTTP server sees it: a pair of pipes over the decrypted stream.</summary>
internal sealed class NoiseConnection : ConnectionContext, IDuplexPipe
{
    readonly Stream stream;
    readonly CancellationTokenSource closed = new();
    readonly TaskCompletionSource completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public NoiseConnection(Stream stream, NoisePeer peer, string id)
    {
        this.stream = stream;
        ConnectionId = id;
        Input = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true));
        Output = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        Transport = this;
        ConnectionClosed = closed.Token;
        Features.Set(peer);
    }

    public override string ConnectionId { get; set; }

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public override IDuplexPipe Transport { get; set; }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    /// <summary>Completes when the HTTP server has done with the connection.</summary>
    public Task Completed => completed.Task;

    public override void Abort(ConnectionAbortedException abortReason)
    {
        closed.Cancel();
        Input.CancelPendingRead();
        stream.Dispose();
    }

    public override void Abort() => Abort(new ConnectionAbortedException());

    public override async ValueTask DisposeAsync()
    {
        if (!closed.IsCancellationRequested)
        {
            await closed.CancelAsync().ConfigureAwait(false);
        }

        await stream.DisposeAsync().ConfigureAwait(false);
        completed.TrySetResult();
        await base.DisposeAsync().ConfigureAwait(false);
    }
}
