using System;
using System.IO;

namespace MeshIoT.Derp;

/// <summary>Any stream as a transport: one whose end a test holds. It says "wait" before each read, because it cannot know.</summary>
internal sealed class StreamTransport(Stream inner) : Transport
{
    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        BeforeWait?.Invoke();
        return inner.Read(buffer);
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer) => inner.Write(buffer);

    /// <inheritdoc/>
    public override void Abort() => inner.Dispose();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
