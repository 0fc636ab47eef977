using System;
using System.Buffers.Binary;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Control;

/// <summary>
/// Cuts the map stream into frames: length (32 bits, LITTLE-endian), then that many bytes. The buffer grows with what has arrived, not with
/// what was announced. control-plane.md section 5.2.
/// </summary>
internal sealed class MapFrameReader(Stream stream, int maxFrameBytes)
{
    const int HeaderSize = 4, FirstSize = 16 * 1024, KeptSize = 1024 * 1024;

    readonly byte[] header = new byte[HeaderSize];
    byte[] buffer = new byte[FirstSize];

    /// <summary>Why the last frame was not read; None at the end of the stream.</summary>
    public MapFrameFault Fault { get; private set; }

    /// <summary>The next frame, valid until the next call; null at the end of the stream or with a <see cref="Fault"/>.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        int filled = await FillAsync(header, HeaderSize, cancellationToken).ConfigureAwait(false);
        if (filled < HeaderSize)
        {
            return Fail(filled == 0 ? MapFrameFault.None : MapFrameFault.CutOff);
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(header);
        if (length == 0 || length > maxFrameBytes)
        {
            return Fail(length == 0 ? MapFrameFault.Empty : MapFrameFault.TooLong);
        }

        if (buffer.Length > KeptSize)
        {
            buffer = new byte[FirstSize]; // one big frame is no reason to hold on to its memory
        }

        for (filled = 0; filled < length;)
        {
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min((long)buffer.Length * 2, length));
            }

            int wanted = (int)Math.Min(buffer.Length - filled, length - filled);
            int count = await stream.ReadAsync(buffer.AsMemory(filled, wanted), cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                return Fail(MapFrameFault.CutOff);
            }

            filled += count;
        }

        return buffer.AsMemory(0, filled);
    }

    async ValueTask<int> FillAsync(byte[] target, int length, CancellationToken cancellationToken) =>
        await stream.ReadAtLeastAsync(target.AsMemory(0, length), length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);

    ReadOnlyMemory<byte>? Fail(MapFrameFault fault)
    {
        Fault = fault;
        return null;
    }
}
