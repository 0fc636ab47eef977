using System;

namespace MeshIoT.Sim;

/// <summary>One request and what comes back for it. Called by the session's reader, one thing at a time.</summary>
internal abstract class Http2Exchange
{
    public int StreamId { get; set; }

    /// <summary>Bytes taken since the last window update.</summary>
    public int Unacknowledged { get; set; }

    public abstract void OnHeaders(int status, int retryAfterSeconds);

    public abstract void OnData(ReadOnlySpan<byte> data);

    /// <summary>Once: the answer is complete, or (<paramref name="cut"/>) never will be.</summary>
    public abstract void OnEnd(bool cut);
}
