using System;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Sensors.Programs;

/// <summary>
/// One program that writes to a <see cref="SensorSocket"/>. Lines are bounded in length and in number a second: beyond that the writer waits in its own
/// write. What is refused is answered with a line that says why, when the writer reads; nothing here waits for that.
/// </summary>
internal sealed class SocketWriter(SensorSocket owner, Socket socket, TimeProvider time)
{
    /// <summary>Longest line, with its end.</summary>
    public const int LongestLine = 4096;

    /// <summary>Lines that are taken a second.</summary>
    public const int MostLinesPerSecond = 500;

    /// <summary>How long a line may lie there without its end.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>How often a line that has to wait is offered again.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>How often at most: a sensor that is not read for so long loses it.</summary>
    const int MostOffers = 300;

    readonly byte[] buffer = new byte[LongestLine];
    int length;
    int lines;
    long second, begun;

    /// <summary>Serves it until it goes, or has to.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (true)
        {
            using CancellationTokenSource slow = CancellationTokenSource.CreateLinkedTokenSource(ct);
            if (length > 0)
            {
                // From the line's first byte on, so that dripping does not help.
                slow.CancelAfter(Max(Patience - time.GetElapsedTime(begun), TimeSpan.FromMilliseconds(1)));
            }

            int count = await socket.ReceiveAsync(buffer.AsMemory(length), SocketFlags.None, slow.Token).ConfigureAwait(false);
            if (count == 0)
            {
                return;
            }

            begun = length == 0 ? time.GetTimestamp() : begun;
            length += count;
            int start = 0, end;
            while ((end = buffer.AsSpan(start, length - start).IndexOf((byte)'\n')) >= 0)
            {
                await TakeAsync(buffer.AsMemory(start, end), ct).ConfigureAwait(false);
                start += end + 1;
                begun = time.GetTimestamp();
            }

            buffer.AsSpan(start, length - start).CopyTo(buffer);
            length -= start;
            if (length == buffer.Length)
            {
                Refuse($"a line of more than {LongestLine} bytes");
                return;
            }
        }
    }

    static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    async Task TakeAsync(ReadOnlyMemory<byte> line, CancellationToken ct)
    {
        if (line.Span.IndexOfAnyExcept(" \t\r"u8) < 0)
        {
            return;
        }

        await SlowDownAsync(ct).ConfigureAwait(false);
        if (ReadingLine.Id(line, out string trouble) is not { } id)
        {
            Refuse(trouble);
            return;
        }

        for (int offers = 0; offers < MostOffers; offers++)
        {
            if (owner.Find(id) is not { } device)
            {
                Refuse($"no sensor \"{ReadingLine.Shorten(id)}\" has this socket");
                return;
            }

            if (device.Offer(line, time.GetUtcNow().ToUnixTimeMilliseconds(), out bool isFull) is { } wrong)
            {
                Refuse($"{id}: {wrong}");
                return;
            }

            if (!isFull)
            {
                return;
            }

            await Task.Delay(Pause, time, ct).ConfigureAwait(false);
        }

        Refuse($"{id}: the sensor is not read");
    }

    async Task SlowDownAsync(CancellationToken ct)
    {
        long now = time.GetTimestamp() / time.TimestampFrequency;
        if (now != second)
        {
            (second, lines) = (now, 0);
        }

        if (++lines > MostLinesPerSecond)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), time, ct).ConfigureAwait(false);
        }
    }

    void Refuse(string why)
    {
        owner.Refuse(why);
        try
        {
            socket.Blocking = false;
            socket.Send(Encoding.UTF8.GetBytes("{\"error\":\"" + System.Text.Json.JsonEncodedText.Encode(why) + "\"}\n"), SocketFlags.None, out _);
        }
        catch (SocketException)
        {
            // It does not read.
        }
    }
}
