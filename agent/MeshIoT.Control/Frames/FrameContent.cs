using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Control;

/// <summary>The JSON of one frame, as it arrives: plain, or unpacked from zstd. control-plane.md section 5.2.</summary>
/// <param name="stream">Where it comes from.</param>
/// <param name="length">Bytes to take; null = up to the stream's end.</param>
/// <param name="limits">How much.</param>
internal sealed class FrameContent(Stream stream, int? length, MapFrameLimits limits) : IDisposable
{
    int remaining = length ?? limits.MaxFrameBytes;

    /// <summary>What is wrong; then nothing more can be read.</summary>
    public MapFrameFault Fault { get; private set; }

    /// <summary>All has been read.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Some of it into <paramref name="target"/>, which is not empty; 0 only with <see cref="IsAtEnd"/> or a <see cref="Fault"/>.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        int count = await stream.ReadAsync(target[..Math.Min(target.Length, remaining)], cancellationToken).ConfigureAwait(false);
        remaining -= count;
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

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
