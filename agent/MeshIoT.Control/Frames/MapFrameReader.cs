using System;
using System.Buffers.Binary;
using System.IO;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Control;

/// <summary>
/// Reads the map stream: length (32 bits, LITTLE-endian), then that many bytes, which are JSON or one zstd frame of it. A frame is taken in
/// while it arrives, through a window as large as its longest entry needs and no larger. control-plane.md section 5.2.
/// </summary>
internal sealed class MapFrameReader(Stream stream, MapFrameLimits limits)
{
    const int HeaderSize = 4, FirstWindow = 16 * 1024;

    readonly WireNodes nodes = new();
    readonly byte[] header = new byte[HeaderSize];
    byte[] window = new byte[FirstWindow];

    /// <summary>Why the last frame was not read; None at the end of the stream.</summary>
    public MapFrameFault Fault { get; private set; }

    /// <summary>The next frame; null at the end of the stream or with a <see cref="Fault"/>, after which there is nothing more.</summary>
    public async ValueTask<MapFrame?> ReadAsync(CancellationToken cancellationToken)
    {
        int filled = await stream.ReadAtLeastAsync(header, HeaderSize, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (filled < HeaderSize)
        {
            return Fail(filled == 0 ? MapFrameFault.None : MapFrameFault.CutOff);
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(header);
        if (length == 0 || length > limits.MaxFrameBytes)
        {
            return Fail(length == 0 ? MapFrameFault.Empty : MapFrameFault.TooLong);
        }

        return await ReadContentAsync(new FrameContent(stream, (int)length, limits), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>One frame without a length before it, that ends with the stream.</summary>
    public ValueTask<MapFrame?> ReadOnlyFrameAsync(CancellationToken cancellationToken) =>
        ReadContentAsync(new FrameContent(stream, null, limits), cancellationToken);

    async ValueTask<MapFrame?> ReadContentAsync(FrameContent content, CancellationToken cancellationToken)
    {
        using FrameContent disposed = content;
        try
        {
            return await ParseAsync(content, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (window.Length > FirstWindow)
            {
                window = new byte[FirstWindow]; // one long entry is no reason to hold on to its memory
            }
        }
    }

    async ValueTask<MapFrame?> ParseAsync(FrameContent content, CancellationToken cancellationToken)
    {
        MapFrameParser parser = new(nodes);
        int filled = 0;
        while (true)
        {
            // Full, or all there is: only then is it worth parsing, since an entry is parsed from its beginning.
            while (filled < window.Length && !content.IsAtEnd)
            {
                filled += await content.ReadAsync(window.AsMemory(filled), cancellationToken).ConfigureAwait(false);
                if (content.Fault != MapFrameFault.None)
                {
                    return Fail(content.Fault);
                }
            }

            int taken;
            try
            {
                taken = parser.Feed(window.AsSpan(0, filled), content.IsAtEnd);
                if (content.IsAtEnd)
                {
                    return parser.Finish();
                }
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // Half a surrogate pair in a name is an InvalidOperationException.
                return Fail(MapFrameFault.NotReadable);
            }

            filled -= taken;
            window.AsSpan(taken, filled).CopyTo(window);
            if (filled == window.Length)
            {
                if (window.Length >= limits.MaxEntryBytes)
                {
                    return Fail(MapFrameFault.EntryTooLong);
                }

                Array.Resize(ref window, Math.Min(window.Length * 2, limits.MaxEntryBytes));
            }
        }
    }

    MapFrame? Fail(MapFrameFault fault)
    {
        Fault = fault;
        return null;
    }
}
