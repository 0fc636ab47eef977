using System;

namespace MeshIoT.Relay;

/// <summary>A connection's bytes, never blocking. One call at a time; who calls holds the session's lock.</summary>
internal abstract class Channel : IDisposable
{
    /// <summary>1: done; otherwise a <see cref="ChannelResult"/>.</summary>
    public abstract int Handshake();

    /// <summary>Bytes read, above zero; otherwise a <see cref="ChannelResult"/>.</summary>
    public abstract int Read(Span<byte> buffer);

    /// <summary>Bytes taken, above zero, perhaps fewer than offered; otherwise a <see cref="ChannelResult"/>. After WantWrite the same bytes must be offered again.</summary>
    public abstract int Write(ReadOnlySpan<byte> bytes);

    /// <summary>True when bytes may be had that the socket will not announce any more.</summary>
    public abstract bool HasPending { get; }

    /// <summary>Says goodbye where the protocol has a word for it. Does not wait.</summary>
    public abstract void Shutdown();

    /// <inheritdoc/>
    public abstract void Dispose();
}
