using System;

namespace MeshIoT.Relay;

/// <summary>A connection's bytes, never blocking. One call at a time; who calls holds the session's lock, and reads on the loop's thread.</summary>
internal abstract class Channel : IDisposable
{
    /// <summary>1: done; otherwise a <see cref="ChannelResult"/>.</summary>
    public abstract int Handshake();

    /// <summary>
    /// Reads what one system call brings, into a buffer with room for <see cref="TlsInput.Size"/> bytes. Bytes read, above zero; otherwise a
    /// <see cref="ChannelResult"/>. What is beyond, the socket announces again.
    /// </summary>
    /// <param name="output">Where to.</param>
    /// <param name="ended">Nothing comes after these bytes.</param>
    public abstract int Read(Span<byte> output, out bool ended);

    /// <summary>Bytes taken, above zero, perhaps fewer than offered; otherwise a <see cref="ChannelResult"/>. After WantWrite the same bytes must be offered again.</summary>
    public abstract int Write(ReadOnlySpan<byte> bytes);

    /// <summary>Says goodbye where the protocol has a word for it. Does not wait.</summary>
    public abstract void Shutdown();

    /// <inheritdoc/>
    public abstract void Dispose();
}
