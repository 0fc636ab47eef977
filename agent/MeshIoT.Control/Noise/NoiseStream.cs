using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Control;

/// <summary>
/// The byte stream inside a Noise connection. One reader and any number of writers; buffers are fixed, whatever the other side sends.
/// A read or write that fails for any reason but cancellation of a read ends the connection: both directions are numbered, so nothing can be
/// skipped. Bad bytes end in <see cref="NoiseException"/>. control-plane.md section 3.1.
/// </summary>
public sealed partial class NoiseStream : Stream
{
    const int BufferedRecords = 4;
    const int BufferSize = BufferedRecords * NoiseRecords.MaxRecordSize;

    readonly Stream transport;
    readonly NoiseRecords records;
    readonly SemaphoreSlim writing = new(1, 1);
    readonly byte[] input = new byte[BufferSize];
    readonly byte[] output = new byte[BufferSize];

    // input: [.. used ..][plainAt .. plainEnd)[.. rest of its record ..][rawAt .. rawEnd)[.. free ..]
    int plainAt, plainEnd, rawAt, rawEnd;
    NoiseFault readFault;
    volatile bool writeBroken;
    int disposed;

    /// <summary>Over <paramref name="transport"/>, which it owns from now on.</summary>
    /// <param name="transport">The upgraded connection, after both handshake messages.</param>
    /// <param name="records">The keys.</param>
    /// <param name="alreadyRead">Bytes the other side sent behind its handshake message, at most 16 KiB.</param>
    /// <param name="expectEarlyPayload">True at the client: an early payload before HTTP/2 is taken out of the stream.</param>
    public NoiseStream(Stream transport, NoiseRecords records, ReadOnlySpan<byte> alreadyRead = default, bool expectEarlyPayload = false)
    {
        this.transport = transport;
        this.records = records;
        alreadyRead.CopyTo(input);
        rawEnd = alreadyRead.Length;
        earlyPending = expectEarlyPayload;
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (earlyPending)
        {
            await TakeEarlyPayloadAsync(cancellationToken).ConfigureAwait(false);
        }

        if (buffer.Length == 0)
        {
            return 0;
        }

        if (TakeHeldBack(buffer.Span) is int heldBack and > 0)
        {
            return heldBack;
        }

        return await ReadPlainAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (buffer.Length > 0)
            {
                if (writeBroken)
                {
                    throw new NoiseException(NoiseFault.BrokenWrite);
                }

                int filled = SealInto(ref buffer);
                // Until the whole batch is out, a part of it may be: then nobody can make sense of what follows.
                writeBroken = true;
                await transport.WriteAsync(output.AsMemory(0, filled), cancellationToken).ConfigureAwait(false);
                writeBroken = false;
            }
        }
        finally
        {
            writing.Release();
        }
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => transport.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override void Flush() => transport.Flush();

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // The keys are not wiped under a reader or writer that is still inside: they go with the object.
        if (disposing && Interlocked.Exchange(ref disposed, 1) == 0)
        {
            transport.Dispose();
        }

        base.Dispose(disposing);
    }

    int SealInto(ref ReadOnlyMemory<byte> buffer)
    {
        int filled = 0;
        for (int n = 0; n < BufferedRecords && buffer.Length > 0; n++)
        {
            int length = Math.Min(buffer.Length, NoiseRecords.MaxPlainSize);
            // Sealed in place, where it will lie behind its header.
            buffer.Span[..length].CopyTo(output.AsSpan(filled + NoiseRecords.HeaderSize));
            filled += records.Seal(output, filled + NoiseRecords.HeaderSize, length, output, filled);
            buffer = buffer[length..];
        }

        return filled;
    }

    /// <summary>Text of the current or the next record; 0 at the end of the stream.</summary>
    async ValueTask<int> ReadPlainAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (plainAt == plainEnd)
        {
            if (readFault != NoiseFault.None)
            {
                throw new NoiseException(readFault);
            }

            if (TryOpenRecord())
            {
                continue;
            }

            if (!await FillAsync(cancellationToken).ConfigureAwait(false))
            {
                return rawAt == rawEnd ? 0 : throw Broken(NoiseFault.CutOff);
            }
        }

        int count = Math.Min(buffer.Length, plainEnd - plainAt);
        input.AsSpan(plainAt, count).CopyTo(buffer.Span);
        plainAt += count;
        return count;
    }

    /// <summary>Opens the record at <see cref="rawAt"/> in place if it is all there.</summary>
    bool TryOpenRecord()
    {
        int available = rawEnd - rawAt;
        if (available < NoiseRecords.HeaderSize)
        {
            return false;
        }

        if (!NoiseRecords.TryReadHeader(input.AsSpan(rawAt, available), out int bodyLength))
        {
            throw Broken(NoiseFault.BadRecord);
        }

        if (available < NoiseRecords.HeaderSize + bodyLength)
        {
            return false;
        }

        int body = rawAt + NoiseRecords.HeaderSize;
        if (!records.Open(input, body, bodyLength, input, body))
        {
            throw Broken(NoiseFault.RecordNotGenuine);
        }

        (plainAt, plainEnd) = (body, body + bodyLength - NoiseRecords.TagSize);
        rawAt = body + bodyLength;
        return true;
    }

    async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (rawAt == rawEnd)
        {
            rawAt = rawEnd = 0;
        }
        else if (input.Length - rawAt < NoiseRecords.MaxRecordSize)
        {
            input.AsSpan(rawAt, rawEnd - rawAt).CopyTo(input);
            (rawAt, rawEnd) = (0, rawEnd - rawAt);
        }

        plainAt = plainEnd = 0;
        int count = await transport.ReadAsync(input.AsMemory(rawEnd), cancellationToken).ConfigureAwait(false);
        rawEnd += count;
        return count > 0;
    }

    NoiseException Broken(NoiseFault fault)
    {
        readFault = fault;
        return new NoiseException(fault);
    }
}
