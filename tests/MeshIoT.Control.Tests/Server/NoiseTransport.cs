using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Pipelines;
using System.Net;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace MeshIoT.Control.Tests;

/// <summary>Feeds already-open streams to a web server as its connections.</summary>
internal sealed class NoiseTransport : IConnectionListenerFactory, IConnectionListener
{
    readonly Channel<ConnectionContext> accepted = Channel.CreateUnbounded<ConnectionContext>();

    public EndPoint EndPoint { get; } = new IPEndPoint(IPAddress.Loopback, 1);

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(this);

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await accepted.Reader.ReadAsync(cancellationToken);
        }
        catch (ChannelClosedException)
        {
            return null;
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        accepted.Writer.TryComplete();
        return default;
    }

    public ValueTask DisposeAsync()
    {
        accepted.Writer.TryComplete();
        return default;
    }

    public void Add(Stream stream) => accepted.Writer.TryWrite(new Connection(stream));

    sealed class Connection(Stream stream) : ConnectionContext, IDuplexPipe
    {
        public override string ConnectionId { get; set; } = Guid.NewGuid().ToString();

        public override IFeatureCollection Features { get; } = new FeatureCollection();

        public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

        public override IDuplexPipe Transport { get => this; set => throw new NotSupportedException(); }

        public override CancellationToken ConnectionClosed { get; set; }

        public PipeReader Input { get; } = PipeReader.Create(stream);

        public PipeWriter Output { get; } = PipeWriter.Create(stream);

        public override void Abort(ConnectionAbortedException abortReason) => stream.Dispose();

        public override ValueTask DisposeAsync() => stream.DisposeAsync();
    }
}
