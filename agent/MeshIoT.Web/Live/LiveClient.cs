using System;
using System.Net;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using MeshIoT.Web.Http;

namespace MeshIoT.Web.Live;

/// <summary>
/// One reader of live events. What waits for it is bounded in number and bytes; a reader that falls behind is given up, and gets everything anew when
/// it comes back: that costs less than old news.
/// </summary>
internal sealed class LiveClient(IPAddress? address)
{
    /// <summary>Messages that may wait.</summary>
    public const int MostWaiting = 128;

    /// <summary>Bytes that may wait; all readers share each message.</summary>
    public const int MostBytes = 1 << 20;

    readonly Channel<byte[]> waiting = Channel.CreateBounded<byte[]>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true, AllowSynchronousContinuations = false });

    int bytes;

    /// <summary>Where it reads from; null: this machine.</summary>
    public IPAddress? Address => address;

    /// <summary>Has a message sent; false when the reader has fallen behind and is given up.</summary>
    public bool TryGive(byte[] message)
    {
        if (Interlocked.Add(ref bytes, message.Length) <= MostBytes && waiting.Writer.TryWrite(message))
        {
            return true;
        }

        waiting.Writer.TryComplete();
        return false;
    }

    /// <summary>Ends the stream.</summary>
    public void End() => waiting.Writer.TryComplete();

    /// <summary>Sends what comes until the reader is gone or given up.</summary>
    public async Task RunAsync(HttpBody body, CancellationToken gone)
    {
        while (await waiting.Reader.WaitToReadAsync(gone).ConfigureAwait(false))
        {
            while (waiting.Reader.TryRead(out byte[]? message))
            {
                await body.WriteAsync(message).ConfigureAwait(false);
                Interlocked.Add(ref bytes, -message.Length);
            }
        }
    }
}
