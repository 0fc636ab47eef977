using System;
using System.Diagnostics;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Interop.Nat;

/// <summary>One end of a connection under load: sends a counted stream at a steady rate, checks what it receives, notes the silences.</summary>
sealed class LoadEnd(Socket socket, double bytesPerSecond) : IDisposable
{
    const int Chunk = 4096;

    long received, lastAt = Stopwatch.GetTimestamp(), longest;

    /// <summary>The connection broke or brought something else than was sent.</summary>
    public bool Broken { get; private set; }

    /// <summary>Bytes received so far.</summary>
    public long Received => Interlocked.Read(ref received);

    /// <summary>Sends and receives until it is disposed of.</summary>
    public void Start()
    {
        socket.NoDelay = true;
        lastAt = Stopwatch.GetTimestamp();
        _ = SendAsync();
        _ = ReceiveAsync();
    }

    /// <summary>The longest silence since the last call, counting one that still lasts.</summary>
    public TimeSpan TakeLongestSilence()
    {
        long lasting = Stopwatch.GetTimestamp() - Interlocked.Read(ref lastAt);
        return Stopwatch.GetElapsedTime(0, Math.Max(lasting, Interlocked.Exchange(ref longest, 0)));
    }

    /// <summary>How long nothing has come by now.</summary>
    public TimeSpan Silence => Stopwatch.GetElapsedTime(Interlocked.Read(ref lastAt));

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    async Task SendAsync()
    {
        byte[] bytes = new byte[Chunk];
        long began = Stopwatch.GetTimestamp(), sent = 0;
        try
        {
            while (true)
            {
                for (int i = 0; i < Chunk; i++)
                {
                    bytes[i] = Expected(sent + i);
                }

                for (int at = 0; at < Chunk;)
                {
                    at += await socket.SendAsync(bytes.AsMemory(at));
                }

                sent += Chunk;
                TimeSpan due = TimeSpan.FromSeconds(sent / bytesPerSecond) - Stopwatch.GetElapsedTime(began);
                if (due > TimeSpan.FromMilliseconds(1))
                {
                    await Task.Delay(due);
                }
                else if (due < TimeSpan.FromMilliseconds(-100))
                {
                    // A stall is not made up for by a burst.
                    began = Stopwatch.GetTimestamp() - (long)(sent / bytesPerSecond * Stopwatch.Frequency);
                }
            }
        }
        catch (SocketException)
        {
            Broken = true;
        }
        catch (ObjectDisposedException)
        {
        }
    }

    async Task ReceiveAsync()
    {
        byte[] bytes = new byte[65536];
        try
        {
            while (true)
            {
                int length = await socket.ReceiveAsync(bytes);
                if (length == 0)
                {
                    Broken = true;
                    return;
                }

                long now = Stopwatch.GetTimestamp(), silence = now - Interlocked.Exchange(ref lastAt, now);
                if (silence > Interlocked.Read(ref longest))
                {
                    Interlocked.Exchange(ref longest, silence);
                }

                for (int i = 0; i < length; i++)
                {
                    if (bytes[i] != Expected(received + i))
                    {
                        Broken = true;
                    }
                }

                Interlocked.Add(ref received, length);
            }
        }
        catch (SocketException)
        {
            Broken = true;
        }
        catch (ObjectDisposedException)
        {
        }
    }

    // A pattern with a period that is no multiple of anything else here.
    static byte Expected(long position) => (byte)(position % 251);
}
