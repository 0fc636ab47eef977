using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Derp;

/// <summary>
/// Connects to the first of several addresses that answers: one after the other, each a quarter of a second after the one before or at
/// once when that failed, IPv6 and IPv4 in turn. RFC 8305.
/// </summary>
internal static class TcpRace
{
    const int MostAddresses = 8;

    static readonly TimeSpan Stagger = TimeSpan.FromMilliseconds(250);

    /// <summary>A connected socket; the last failure is thrown when no address answers.</summary>
    public static async Task<Socket> ConnectAsync(IReadOnlyList<IPAddress> addresses, int port, TimeProvider time, CancellationToken cancellationToken)
    {
        using CancellationTokenSource all = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task<Socket>> tries = [];
        Exception? failure = null;
        Queue<IPAddress> left = new(InTurn(addresses));
        try
        {
            while (true)
            {
                if (left.TryDequeue(out IPAddress? address))
                {
                    tries.Add(ConnectOneAsync(address, port, all.Token));
                }

                Task delay = left.Count > 0 ? Task.Delay(Stagger, time, all.Token) : Task.Delay(Timeout.InfiniteTimeSpan, time, all.Token);
                Task done = await Task.WhenAny([.. tries, delay]).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                if (done is not Task<Socket> attempt)
                {
                    continue;
                }

                tries.Remove(attempt);
                if (attempt.IsCompletedSuccessfully)
                {
                    return await attempt.ConfigureAwait(false);
                }

                failure = attempt.Exception?.InnerException ?? failure;
                if (tries.Count == 0 && left.Count == 0)
                {
                    ExceptionDispatchInfo.Throw(failure ?? new SocketException((int)SocketError.HostUnreachable));
                }
            }
        }
        finally
        {
            await all.CancelAsync().ConfigureAwait(false);
            foreach (Task<Socket> late in tries)
            {
                _ = late.ContinueWith(static t => (t.IsCompletedSuccessfully ? t.Result : null)?.Dispose(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }

    static async Task<Socket> ConnectOneAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, port, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    static IEnumerable<IPAddress> InTurn(IReadOnlyList<IPAddress> addresses)
    {
        List<IPAddress> six = [], four = [];
        foreach (IPAddress address in addresses)
        {
            (address.AddressFamily == AddressFamily.InterNetworkV6 ? six : four).Add(address);
        }

        for (int i = 0, given = 0; given < MostAddresses && i < Math.Max(six.Count, four.Count); i++)
        {
            if (i < six.Count)
            {
                given++;
                yield return six[i];
            }

            if (i < four.Count && given < MostAddresses)
            {
                given++;
                yield return four[i];
            }
        }
    }
}
