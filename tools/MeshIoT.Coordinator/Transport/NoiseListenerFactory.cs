using System.Net;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Connections;

namespace MeshIoT.Coordinator;

/// <summary>Lets the HTTP server accept connections that another of its own requests has upgraded to Noise.</summary>
internal sealed class NoiseListenerFactory : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    readonly Channel<NoiseConnection> upgraded = Channel.CreateUnbounded<NoiseConnection>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Serves <paramref name="connection"/>; completes when it is over.</summary>
    public async Task ServeAsync(NoiseConnection connection)
    {
        if (upgraded.Writer.TryWrite(connection))
        {
            await connection.Completed.ConfigureAwait(false);
        }
    }

    public bool CanBind(EndPoint endpoint) => endpoint is NoiseEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IConnectionListener>(new Listener(this, endpoint));

    sealed class Listener(NoiseListenerFactory factory, EndPoint endpoint) : IConnectionListener
    {
        public EndPoint EndPoint => endpoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                return await factory.upgraded.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (ChannelClosedException)
            {
                return null;
            }
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            factory.upgraded.Writer.TryComplete();
            while (factory.upgraded.Reader.TryRead(out NoiseConnection? late))
            {
                await late.DisposeAsync().ConfigureAwait(false);
            }
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }
}
