using System;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Interop.Nat;

/// <summary>A UDP socket of a site's host that asks reflectors how it looks from outside.</summary>
sealed class ProbeSocket : IDisposable
{
    // Three tries that far apart: more than the slowest lab link's round trip.
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);

    readonly Socket socket;
    readonly byte[] buffer = new byte[128];

    /// <summary>Opens it in the site's namespace, on a port that the kernel picks.</summary>
    public ProbeSocket(Site site)
    {
        AddressFamily family = site.Public4 is null ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        Any = new IPEndPoint(family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        socket = InNamespace.Run(site.Namespace, () =>
        {
            Socket made = new(family, SocketType.Dgram, ProtocolType.Udp);
            made.Bind(Any);
            return made;
        });
    }

    /// <summary>The port on the host.</summary>
    public int Port => ((IPEndPoint)socket.LocalEndPoint!).Port;

    IPEndPoint Any { get; }

    /// <summary>Sends, and says under which address <paramref name="answerBy"/> saw it; null when nothing came back.</summary>
    public async Task<IPEndPoint?> AskAsync(EndPoint to, int answerBy)
    {
        for (int attempt = 0; attempt < 3; attempt++)
        {
            if (await TrySendAsync([(byte)answerBy], to) && await HearAsync(b => b[0] == answerBy) is { } heard)
            {
                return IPEndPoint.Parse(Encoding.ASCII.GetString(heard.Bytes.AsSpan(1)));
            }
        }

        return null;
    }

    /// <summary>The time of one question and answer, the best of three; null when there was none.</summary>
    public async Task<TimeSpan?> RoundTripAsync(EndPoint to)
    {
        TimeSpan? best = null;
        for (int attempt = 0; attempt < 3; attempt++)
        {
            long began = Stopwatch.GetTimestamp();
            if (await TrySendAsync([Reflector.First], to) && await HearAsync(b => b[0] == Reflector.First) is not null)
            {
                TimeSpan took = Stopwatch.GetElapsedTime(began);
                best = best is null || took < best ? took : best;
            }
        }

        return best;
    }

    /// <summary>
    /// Does what two peers behind NATs do: sends to where the other was seen, answers whatever comes to where it came from. True as
    /// soon as something was heard of the other.
    /// </summary>
    public async Task<bool> PunchAsync(IPEndPoint peer, Task enough)
    {
        byte[] hello = "punch"u8.ToArray();
        EndPoint target = peer;
        bool heard = false;
        while (!enough.IsCompleted)
        {
            await TrySendAsync(hello, target);
            if (await HearAsync(b => b.AsSpan().SequenceEqual(hello), TimeSpan.FromMilliseconds(50)) is { } got)
            {
                target = got.From;
                heard = true;
            }
        }

        return heard;
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    async Task<bool> TrySendAsync(byte[] bytes, EndPoint to)
    {
        try
        {
            await socket.SendToAsync(bytes, to);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    async Task<(byte[] Bytes, EndPoint From)?> HearAsync(Predicate<byte[]> wanted, TimeSpan? patience = null)
    {
        using CancellationTokenSource late = new(patience ?? Patience);
        while (true)
        {
            try
            {
                SocketReceiveFromResult got = await socket.ReceiveFromAsync(buffer, Any, late.Token);
                byte[] bytes = buffer[..got.ReceivedBytes];
                if (bytes.Length > 0 && wanted(bytes))
                {
                    return (bytes, got.RemoteEndPoint);
                }
            }
            catch (OperationCanceledException)
            {
                return null;
            }
            catch (SocketException)
            {
            }
        }
    }
}
