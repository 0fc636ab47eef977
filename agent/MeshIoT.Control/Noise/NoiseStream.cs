using System;
using System.Buffers;
using System.IO;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Control;

/// <summary>
/// The byte stream inside a Noise connection. One reader and any number of writers. It borrows at most two buffers of 16 KiB, whatever the
/// other side sends, and none while nothing is on its way: a server holds thousands of quiet ones. A read of no bytes waits for bytes.
/// A read or write that fails for any reason but cancellation of a read ends the connection: both directions are numbered, so nothing can be
/// skipped. Bad bytes end in <see cref="NoiseException"/>. control-plane.md section 3.1.
/// </summary>
public sealed partial class NoiseStream : Stream
{
    const int BufferedRecords = 4;
    const int BufferSize = BufferedRecords * NoiseRecords.MaxRecordSize;
    const int RecordOverhead = NoiseRecords.HeaderSize + NoiseRecords.TagSize;

    readonly Stream transport;
    readonly NoiseRecords records;
    readonly SemaphoreSlim writing = new(1, 1);

    // input: [.. used ..][plainAt .. plainEnd)[.. rest of its record ..][rawAt .. rawEnd)[.. free ..]; borrowed while there is anything in it.
    byte[] input = [];
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
        if (alreadyRead.Length > 0)
        {
            input = ArrayPool<byte>.Shared.Rent(Math.Max(BufferSize, alreadyRead.Length));
            alreadyRead.CopyTo(input);
            rawEnd = alreadyRead.Length;
        }

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

        if (heldBackAt < heldBackEnd)
        {
            return TakeHeldBack(buffer.Span);
        }

        return await ReadPlainAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        byte[] output = [];
        try
        {
            output = ArrayPool<byte>.Shared.Rent(SizeSealed(buffer.Length));
            while (buffer.Length > 0)
            {
                if (writeBroken)
                {
                    throw new NoiseException(NoiseFault.BrokenWrite);
                }

                int filled = SealInto(ref buffer, output);
                // Until the whole batch is out, a part of it may be: then nobody can make sense of what follows.
                writeBroken = true;
                await transport.WriteAsync(output.AsMemory(0, filled), cancellationToken).ConfigureAwait(false);
                writeBroken = false;
            }
        }
        finally
        {
            writing.Release();
            ArrayPool<byte>.Shared.Return(output);   // sealed text: there is nothing in it to hide
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

    // Of one batch.
    static int SizeSealed(int length) => length >= BufferedRecords * NoiseRecords.MaxPlainSize
        ? BufferSize
        : length + (RecordOverhead * ((length / NoiseRecords.MaxPlainSize) + 1));

    int SealInto(ref ReadOnlyMemory<byte> buffer, byte[] output)
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

    /// <summary>Text of the current or the next record; 0 at the end of the stream, and where none was asked for.</summary>
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
        if (plainAt == plainEnd && rawAt == rawEnd)
        {
            GiveInputBack();
        }

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
            // An empty record may have left the buffer here.
            GiveInputBack();
            await transport.ReadAsync(Memory<byte>.Empty, cancellationToken).ConfigureAwait(false);
            input = ArrayPool<byte>.Shared.Rent(BufferSize);
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

    // The text may hold secrets; the next borrower is somebody else.
    void GiveInputBack()
    {
        byte[] used = input;
        input = [];
        plainAt = plainEnd = rawAt = rawEnd = 0;
        if (used.Length > 0)
        {
            CryptographicOperations.ZeroMemory(used);
            ArrayPool<byte>.Shared.Return(used);
        }
    }

    NoiseException Broken(NoiseFault fault)
    {
        readFault = fault;
        return new NoiseException(fault);
    }
}
