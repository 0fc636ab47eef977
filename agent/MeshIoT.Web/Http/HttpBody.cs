using System;
using System.Buffers;
using System.Globalization;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Web.Http;

/// <summary>
/// A body that is written while it comes about: in chunks (RFC 9112 section 7.1), so that a reader can tell a whole one from a broken one, or bare for
/// HTTP/1.0. A reader that takes nothing for the time it is given is given up.
/// </summary>
public sealed class HttpBody
{
    const int Piece = 16 * 1024, Frame = 12;

    readonly Stream stream;
    readonly bool isChunked;
    readonly TimeSpan patience;
    readonly TimeProvider time;
    readonly CancellationToken gone;
    byte[]? head;

    internal HttpBody(Stream stream, byte[]? head, bool isChunked, TimeSpan patience, TimeProvider time, CancellationToken gone) =>
        (this.stream, this.head, this.isChunked, this.patience, this.time, this.gone) = (stream, head, isChunked, patience, time, gone);

    /// <summary>Writes a piece and has it sent. One at a time.</summary>
    /// <exception cref="OperationCanceledException">The reader is gone or too slow.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await SendHeadAsync().ConfigureAwait(false);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Min(bytes.Length, Piece) + Frame);
        try
        {
            while (!bytes.IsEmpty)
            {
                int length = Math.Min(bytes.Length, Piece);
                int framed = isChunked ? Put(buffer, bytes[..length].Span) : length;
                await SendAsync(isChunked ? buffer.AsMemory(0, framed) : bytes[..length]).ConfigureAwait(false);
                bytes = bytes[length..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Writes all of it at once, not in chunks.</summary>
    internal ValueTask WriteWholeAsync(ReadOnlyMemory<byte> bytes) => SendAsync(bytes);

    /// <summary>Says that this was all.</summary>
    internal async ValueTask EndAsync()
    {
        await SendHeadAsync().ConfigureAwait(false);
        if (isChunked)
        {
            await SendAsync("0\r\n\r\n"u8.ToArray()).ConfigureAwait(false);
        }
    }

    // With the first piece and not before it: whoever writes a body is always called, also when nobody is there any more.
    async ValueTask SendHeadAsync()
    {
        if (head is { } bytes)
        {
            head = null;
            await SendAsync(bytes).ConfigureAwait(false);
        }
    }

    async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        using CancellationTokenSource limit = new(patience, time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, gone);
        await stream.WriteAsync(bytes, both.Token).ConfigureAwait(false);
        await stream.FlushAsync(both.Token).ConfigureAwait(false);
    }

    static int Put(byte[] buffer, ReadOnlySpan<byte> piece)
    {
        int at = Encoding.ASCII.GetBytes(piece.Length.ToString("x", CultureInfo.InvariantCulture), buffer);
        "\r\n"u8.CopyTo(buffer.AsSpan(at));
        piece.CopyTo(buffer.AsSpan(at + 2));
        "\r\n"u8.CopyTo(buffer.AsSpan(at + 2 + piece.Length));
        return at + piece.Length + 4;
    }
}
