using System;
using System.Buffers;
using System.IO;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using MQTTnet.Channel;
using MQTTnet.Exceptions;

namespace MeshIoT.Mqtt.Broker;

/// <summary>
/// An MQTT connection on any stream: a socket, TLS, or a stream of the tailnet's own IP stack. It bounds what comes before memory is set aside for
/// it, reads no further while its own answers do not leave, and knows by when the next thing must happen (<see cref="Deadline"/>).
/// </summary>
internal sealed class StreamChannel : IMqttChannel
{
    /// <summary>Answers that may wait to leave before no more is read from a client that does not take them.</summary>
    const int MostAnswersWaiting = 256;

    /// <summary>Smaller packets count for nothing in the budget of all connections.</summary>
    const int Small = 4096;

    const int AheadBytes = 2048;

    readonly PacketFrames frames;
    readonly ByteBudget budget;
    readonly Func<long> now;
    readonly Func<CancellationToken, ValueTask<Stream>>? dial;
    readonly Action? closeWrite;
    readonly byte[] ahead = new byte[AheadBytes];
    readonly Lock gate = new();
    readonly byte[] head = new byte[64];
    byte[] longHead = [];
    int headLength;
    Stream? stream;
    OutBuffer? output;
    int aheadStart, aheadEnd, budgeted;
    long answersGone, lastPacket, packetSince = long.MaxValue;
    TaskCompletionSource? answersLeft;
    Task? closing;
    bool isDisposed;

    /// <param name="stream">The connection; null: <paramref name="dial"/> makes it.</param>
    /// <param name="dial">Makes the connection.</param>
    /// <param name="closeWrite">Says that nothing more will be written, where the stream can; null where it cannot.</param>
    /// <param name="remote">The other end.</param>
    /// <param name="frames">What may come.</param>
    /// <param name="budget">For large packets.</param>
    /// <param name="now">The monotonic clock, milliseconds.</param>
    public StreamChannel(
        Stream? stream, Func<CancellationToken, ValueTask<Stream>>? dial, Action? closeWrite, EndPoint? remote, PacketFrames frames, ByteBudget budget, Func<long> now)
    {
        (this.dial, this.closeWrite, this.frames, this.budget, this.now, RemoteEndPoint) = (dial, closeWrite, frames, budget, now, remote);
        lastPacket = now();
        if (stream is not null)
        {
            Use(stream);
        }
    }

    /// <summary>How long nothing may come between two packets; null: for ever.</summary>
    public TimeSpan? IdleLimit { get; set; }

    /// <summary>How long a packet or a write may stand still.</summary>
    public TimeSpan StallLimit { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>True when the other side speaks MQTT 5 and is told why a connection ends.</summary>
    public bool IsVersion5 { get; set; }

    /// <summary>Why the connection was ended from here; null while it was not.</summary>
    public string? Ended { get; private set; }

    public X509Certificate2? ClientCertificate => null;

    public EndPoint? RemoteEndPoint { get; }

    public EndPoint? LocalEndPoint => null;

    public bool IsSecureConnection => false;

    /// <summary>When the connection must be ended unless something happens before, monotonic milliseconds; <see cref="long.MaxValue"/>: never.</summary>
    public long Deadline
    {
        get
        {
            long stall = (long)StallLimit.TotalMilliseconds;
            long packet = Volatile.Read(ref packetSince), write = output?.WritingSince ?? long.MaxValue;
            long idle = IdleLimit is { } limit ? Volatile.Read(ref lastPacket) + (long)limit.TotalMilliseconds : long.MaxValue;
            return Math.Min(idle, Math.Min(packet, write) is var since && since < long.MaxValue - stall ? since + stall : long.MaxValue);
        }
    }

    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        if (stream is null)
        {
            Use(await dial!(cancellationToken));
        }
    }

    /// <summary>Lets what is written leave, says so, and gives the other side a moment to read it before the connection is gone.</summary>
    public Task DisconnectAsync(CancellationToken cancellationToken) => Close(drain: true, cancellationToken);

    public Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        if (aheadStart < aheadEnd && !(frames.IsBetween && AreAnswersStuck))
        {
            return Task.FromResult(Hand(buffer.AsSpan(offset, count)));
        }

        return ReadMoreAsync(buffer, offset, count, cancellationToken);
    }

    public Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken)
    {
        if (output is not { } to)
        {
            throw new MqttCommunicationException("not connected");
        }

        if (!isEndOfPacket)
        {
            headLength = (int)buffer.Length;
            buffer.CopyTo(headLength <= head.Length ? head : longHead.Length >= headLength ? longHead : longHead = new byte[headLength]);
            return Task.CompletedTask;
        }

        bool hasHead = headLength > 0;
        ReadOnlySpan<byte> first = (headLength <= head.Length ? head : longHead).AsSpan(0, headLength);
        headLength = 0;
        int type = (hasHead ? first[0] : buffer.FirstSpan[0]) >> 4;
        return to.WriteAsync(first, buffer, type != 3);
    }

    /// <summary>Ends the connection; the reason goes to the other side where its protocol can say it.</summary>
    /// <param name="reason">For the log.</param>
    /// <param name="code">Reason code of MQTT 5.0 section 3.14.2.1.</param>
    public void End(string reason, byte code)
    {
        Ended ??= reason;
        if (IsVersion5 && output is { } to)
        {
            try
            {
                _ = to.WriteAsync([0xE0, 0x01, code], default, isAnswer: true);
            }
            catch (IOException)
            {
                // Nobody hears it any more.
            }
        }

        // Somebody may be reading: only the reader itself may read the rest.
        _ = Close(drain: false, CancellationToken.None);
    }

    public void Dispose()
    {
        lock (gate)
        {
            if (isDisposed)
            {
                return;
            }

            isDisposed = true;
            budget.Return(budgeted);
            budgeted = 0;
            answersLeft?.TrySetResult();
        }

        stream?.Dispose();
    }

    Task Close(bool drain, CancellationToken ct)
    {
        lock (gate)
        {
            return closing ??= CloseAsync(drain, ct);
        }
    }

    async Task CloseAsync(bool drain, CancellationToken ct)
    {
        if (output is { } leaving && !isDisposed)
        {
            using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(10_000);
            try
            {
                await leaving.DrainAsync(limit.Token);
                closeWrite?.Invoke();
                limit.CancelAfter(500);
                if (!drain)
                {
                    await Task.Delay(200, limit.Token);
                }
                else if (closeWrite is not null)
                {
                    for (int i = 0; i < 64 && await stream!.ReadAsync(ahead, limit.Token) > 0; i++)
                    {
                        // What was under way: a socket that is closed with it unread takes our last words back.
                    }
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException or System.Net.Sockets.SocketException)
            {
                // It is gone already.
            }
        }

        Dispose();
    }

    bool AreAnswersStuck => frames.AnswersDue - Volatile.Read(ref answersGone) > MostAnswersWaiting;

    void Use(Stream connected)
    {
        stream = connected;
        output = new OutBuffer(connected, now, AnswersLeft);
        if (isDisposed)
        {
            connected.Dispose();
        }
    }

    async Task<int> ReadMoreAsync(byte[] buffer, int offset, int count, CancellationToken ct)
    {
        while (frames.IsBetween && AreAnswersStuck && !isDisposed)
        {
            Task wait;
            lock (gate)
            {
                wait = AreAnswersStuck ? (answersLeft ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task : Task.CompletedTask;
            }

            await wait.WaitAsync(ct);
        }

        if (aheadStart < aheadEnd)
        {
            return Hand(buffer.AsSpan(offset, count));
        }

        if (stream is not { } from)
        {
            return 0;
        }

        if (count >= ahead.Length)
        {
            int direct = await from.ReadAsync(buffer.AsMemory(offset, count), ct);
            Judge(buffer.AsSpan(offset, direct));
            return direct;
        }

        aheadStart = 0;
        aheadEnd = await from.ReadAsync(ahead, ct);
        return aheadEnd == 0 ? 0 : Hand(buffer.AsSpan(offset, count));
    }

    int Hand(Span<byte> into)
    {
        int now = Math.Min(into.Length, aheadEnd - aheadStart);
        ahead.AsSpan(aheadStart, now).CopyTo(into);
        aheadStart += now;
        Judge(into[..now]);
        return now;
    }

    void Judge(ReadOnlySpan<byte> bytes)
    {
        FrameFault fault = frames.Take(bytes);
        if (fault == FrameFault.None && frames.Announced >= Small && budgeted == 0)
        {
            budgeted = frames.Announced;
            if (!budget.TryTake(budgeted))
            {
                budgeted = 0;
                End("too many large packets at once", 0x97);
                throw new MqttProtocolViolationException("too many large packets at once");
            }
        }

        if (fault != FrameFault.None)
        {
            End(fault.ToString(), fault == FrameFault.TooLarge ? (byte)0x95 : (byte)0x81);
            throw new MqttProtocolViolationException("the connection was ended: " + fault);
        }

        if (frames.IsBetween)
        {
            Volatile.Write(ref packetSince, long.MaxValue);
            Volatile.Write(ref lastPacket, now());
            budget.Return(budgeted);
            budgeted = 0;
        }
        else if (Volatile.Read(ref packetSince) == long.MaxValue)
        {
            Volatile.Write(ref packetSince, now());
        }
    }

    void AnswersLeft(int count)
    {
        Interlocked.Add(ref answersGone, count);
        lock (gate)
        {
            answersLeft?.TrySetResult();
            answersLeft = null;
        }
    }
}
