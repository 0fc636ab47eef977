using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Sim;

/// <summary>
/// A small HTTP/2 client over a decrypted stream: a few requests at a time, no header compression, no buffer while nothing arrives, so that
/// thousands fit into one process beside the server they measure. For this program only. RFC 9113.
/// </summary>
internal sealed class Http2Session : IDisposable
{
    const byte EndStream = 1, Acknowledge = 1, EndHeaders = 4, Padded = 8, Priority = 0x20;
    const int ConnectionWindow = 1 << 30, StreamWindow = 1 << 24, ReadSize = 16 * 1024, MaxOpen = 16;

    static readonly byte[] Greeting = MakeGreeting();

    readonly Stream stream;
    readonly FrameReader frames = new();
    readonly List<Http2Exchange> open = [];
    readonly ArrayBufferWriter<byte> answers = new(64);
    int nextStreamId = 1, unacknowledged;
    bool ended;

    Http2Session(Stream stream) => this.stream = stream;

    /// <summary>Speaks first; the session owns <paramref name="stream"/>.</summary>
    public static async Task<Http2Session> StartAsync(Stream stream, CancellationToken ct)
    {
        await stream.WriteAsync(Greeting, ct).ConfigureAwait(false);
        return new Http2Session(stream);
    }

    /// <summary>Sends a request; the answer goes to <paramref name="exchange"/>. One caller at a time.</summary>
    /// <exception cref="IOException">The connection has ended.</exception>
    public async Task PostAsync(string path, ReadOnlyMemory<byte> body, Http2Exchange exchange, CancellationToken ct)
    {
        byte[] output = ArrayPool<byte>.Shared.Rent(256 + body.Length);
        try
        {
            int headers = HeaderBlock.WritePost(path, body.Length, output.AsSpan(FrameReader.HeaderSize));
            int length = FrameReader.HeaderSize + headers;
            lock (open)
            {
                if (ended || open.Count >= MaxOpen)
                {
                    throw new IOException("the session has ended");
                }

                exchange.StreamId = nextStreamId;
                nextStreamId += 2;
                open.Add(exchange);
            }

            WriteHeader(output, headers, FrameType.Headers, EndHeaders, exchange.StreamId);
            WriteHeader(output.AsSpan(length), body.Length, FrameType.Data, EndStream, exchange.StreamId);
            length += FrameReader.HeaderSize;
            body.CopyTo(output.AsMemory(length));
            await stream.WriteAsync(output.AsMemory(0, length + body.Length), ct).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(output);
        }
    }

    /// <summary>Reads until the connection ends; then every open exchange has ended too.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            while (await ReadOnceAsync(ct).ConfigureAwait(false))
            {
                if (answers.WrittenCount > 0)
                {
                    byte[] bytes = answers.WrittenSpan.ToArray();
                    answers.ResetWrittenCount();
                    await stream.WriteAsync(bytes, ct).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            End();
        }
    }

    /// <summary>Closes the connection.</summary>
    public void Dispose() => stream.Dispose();

    async Task<bool> ReadOnceAsync(CancellationToken ct)
    {
        // Waits without a buffer where the stream can.
        await stream.ReadAsync(Memory<byte>.Empty, ct).ConfigureAwait(false);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        try
        {
            int count = await stream.ReadAsync(buffer, ct).ConfigureAwait(false);
            frames.Feed(buffer.AsSpan(0, count), Take);
            return count > 0 && !ended;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    void Take(FrameType type, byte flags, int streamId, ReadOnlySpan<byte> payload, bool isLast)
    {
        switch (type)
        {
            case FrameType.Data:
                TakeData(flags, streamId, payload, isLast);
                break;
            case FrameType.Headers when (flags & EndHeaders) != 0:
                int skip = ((flags & Padded) != 0 ? 1 : 0) + ((flags & Priority) != 0 ? 5 : 0);
                int padding = (flags & Padded) != 0 && payload.Length > 0 ? payload[0] : 0;
                if (skip + padding > payload.Length)
                {
                    throw new InvalidDataException("a header frame is cut off");
                }

                (int status, int retryAfter) = HeaderBlock.Read(payload[skip..^padding]);
                Http2Exchange? exchange = Find(streamId);
                exchange?.OnHeaders(status, retryAfter);
                if ((flags & EndStream) != 0)
                {
                    Close(exchange, cut: false);
                }

                break;
            case FrameType.Headers or FrameType.Continuation:
                throw new InvalidDataException("an answer's headers are longer than one frame");
            case FrameType.Settings when (flags & Acknowledge) == 0:
                WriteHeader(answers.GetSpan(FrameReader.HeaderSize), 0, FrameType.Settings, Acknowledge, 0);
                answers.Advance(FrameReader.HeaderSize);
                break;
            case FrameType.Ping when (flags & Acknowledge) == 0 && payload.Length == 8:
                WriteHeader(answers.GetSpan(FrameReader.HeaderSize), 8, FrameType.Ping, Acknowledge, 0);
                answers.Advance(FrameReader.HeaderSize);
                answers.Write(payload);
                break;
            case FrameType.ResetStream:
                Close(Find(streamId), cut: true);
                break;
            case FrameType.GoAway:
                ended = true;
                break;
            default:
                break;
        }
    }

    void TakeData(byte flags, int streamId, ReadOnlySpan<byte> data, bool isLast)
    {
        if ((flags & Padded) != 0)
        {
            throw new InvalidDataException("padded data is not understood");
        }

        Http2Exchange? exchange = Find(streamId);
        exchange?.OnData(data);
        unacknowledged += data.Length;
        if (unacknowledged > ConnectionWindow / 2)
        {
            WriteWindowUpdate(0, unacknowledged);
            unacknowledged = 0;
        }

        if (exchange is not null && (exchange.Unacknowledged += data.Length) > StreamWindow / 2)
        {
            WriteWindowUpdate(streamId, exchange.Unacknowledged);
            exchange.Unacknowledged = 0;
        }

        if (isLast && (flags & EndStream) != 0)
        {
            Close(exchange, cut: false);
        }
    }

    Http2Exchange? Find(int streamId)
    {
        lock (open)
        {
            return open.Find(e => e.StreamId == streamId);
        }
    }

    void Close(Http2Exchange? exchange, bool cut)
    {
        if (exchange is null)
        {
            return;
        }

        lock (open)
        {
            open.Remove(exchange);
        }

        exchange.OnEnd(cut);
    }

    void End()
    {
        Http2Exchange[] left;
        lock (open)
        {
            ended = true;
            left = [.. open];
            open.Clear();
        }

        foreach (Http2Exchange exchange in left)
        {
            exchange.OnEnd(cut: true);
        }
    }

    void WriteWindowUpdate(int streamId, int count)
    {
        Span<byte> output = answers.GetSpan(FrameReader.HeaderSize + 4);
        WriteHeader(output, 4, FrameType.WindowUpdate, 0, streamId);
        BinaryPrimitives.WriteInt32BigEndian(output[FrameReader.HeaderSize..], count);
        answers.Advance(FrameReader.HeaderSize + 4);
    }

    static void WriteHeader(Span<byte> output, int length, FrameType type, byte flags, int streamId)
    {
        BinaryPrimitives.WriteInt32BigEndian(output, length << 8);
        output[3] = (byte)type;
        output[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(output[5..], streamId);
    }

    // Preface; no header table, no push, large windows: SETTINGS and WINDOW_UPDATE.
    static byte[] MakeGreeting()
    {
        (ushort Id, int Value)[] settings = [(1, 0), (2, 0), (4, StreamWindow)];
        byte[] greeting = new byte[24 + FrameReader.HeaderSize + (6 * settings.Length) + FrameReader.HeaderSize + 4];
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.CopyTo(greeting);
        int at = 24;
        WriteHeader(greeting.AsSpan(at), 6 * settings.Length, FrameType.Settings, 0, 0);
        at += FrameReader.HeaderSize;
        foreach ((ushort id, int value) in settings)
        {
            BinaryPrimitives.WriteUInt16BigEndian(greeting.AsSpan(at), id);
            BinaryPrimitives.WriteInt32BigEndian(greeting.AsSpan(at + 2), value);
            at += 6;
        }

        WriteHeader(greeting.AsSpan(at), 4, FrameType.WindowUpdate, 0, 0);
        BinaryPrimitives.WriteInt32BigEndian(greeting.AsSpan(at + FrameReader.HeaderSize), ConnectionWindow);
        return greeting;
    }
}
