using System;
using System.Buffers.Binary;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace MeshIoT.Control;

/// <summary>
/// The JSON of one frame, as it arrives: plain, or unpacked from zstd, which is told by its first bytes. The unpacker and its window, at most
/// 8 MiB, live as long as the frame. control-plane.md section 5.2.
/// </summary>
/// <param name="stream">Where it comes from.</param>
/// <param name="length">Bytes to take; null = up to the stream's end, plain only.</param>
/// <param name="limits">How much.</param>
internal sealed class FrameContent(Stream stream, int? length, MapFrameLimits limits) : IDisposable
{
    const uint ZstdMagic = 0xfd2fb528;
    const int MagicSize = 4, InputBuffer = 16 * 1024, LargestWindowLog = 23;

    FrameBytes? packed;
    DecompressionStream? unpacker;
    int remaining = length ?? limits.MaxFrameBytes, produced;

    /// <summary>What is wrong; then nothing more can be read.</summary>
    public MapFrameFault Fault { get; private set; }

    /// <summary>All has been read.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Some of it into <paramref name="target"/>, which has room for four bytes at first; 0 only with <see cref="IsAtEnd"/> or a <see cref="Fault"/>.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        if (unpacker is not null)
        {
            return await UnpackAsync(target, cancellationToken).ConfigureAwait(false);
        }

        if (produced > 0 || length is null or < MagicSize)
        {
            return await ReadPlainAsync(target, cancellationToken).ConfigureAwait(false);
        }

        int count = await stream.ReadAtLeastAsync(target[..MagicSize], MagicSize, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (count < MagicSize)
        {
            Fault = MapFrameFault.CutOff;
            return 0;
        }

        remaining -= count;
        if (BinaryPrimitives.ReadUInt32LittleEndian(target.Span) != ZstdMagic)
        {
            produced = count;
            IsAtEnd = remaining == 0;
            return count;
        }

        packed = new FrameBytes(stream, target[..MagicSize].ToArray(), MagicSize, remaining);
        unpacker = new DecompressionStream(packed, InputBuffer, checkEndOfStream: true, leaveOpen: true);
        unpacker.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, LargestWindowLog);
        return await UnpackAsync(target, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        unpacker?.Dispose();
        packed?.Dispose();
    }

    async ValueTask<int> ReadPlainAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        int count = await stream.ReadAsync(target[..Math.Min(target.Length, remaining)], cancellationToken).ConfigureAwait(false);
        remaining -= count;
        produced += count;
        if (length is null)
        {
            IsAtEnd = count == 0;
            Fault = remaining == 0 ? MapFrameFault.TooLong : MapFrameFault.None;
        }
        else
        {
            IsAtEnd = remaining == 0;
            Fault = count == 0 ? MapFrameFault.CutOff : MapFrameFault.None;
        }

        return count;
    }

    async ValueTask<int> UnpackAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        try
        {
            int count = await unpacker!.ReadAsync(target, cancellationToken).ConfigureAwait(false);
            produced += count;
            IsAtEnd = count == 0;
            Fault = produced > limits.MaxUnpackedBytes ? MapFrameFault.TooLong : MapFrameFault.None;
            return count;
        }
        catch (Exception e) when (e is ZstdException or EndOfStreamException)
        {
            Fault = packed!.IsCutOff ? MapFrameFault.CutOff : MapFrameFault.NotUnpackable;
            return 0;
        }
    }
}
