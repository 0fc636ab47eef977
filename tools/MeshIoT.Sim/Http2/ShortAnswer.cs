using System;
using System.IO;
using System.Threading.Tasks;

namespace MeshIoT.Sim;

/// <summary>An answer that is read whole; longer than 64 KiB it is a fault.</summary>
internal sealed class ShortAnswer : Http2Exchange
{
    const int MaxBody = 64 * 1024;

    readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly MemoryStream body = new();

    public int Status { get; private set; }

    public int RetryAfterSeconds { get; private set; }

    public ReadOnlySpan<byte> Body => body.GetBuffer().AsSpan(0, (int)body.Length);

    /// <summary>Completes with the answer, or fails with <see cref="IOException"/>.</summary>
    public Task Completed => done.Task;

    public override void OnHeaders(int status, int retryAfterSeconds) => (Status, RetryAfterSeconds) = (status, retryAfterSeconds);

    public override void OnData(ReadOnlySpan<byte> data)
    {
        if (body.Length + data.Length > MaxBody)
        {
            throw new InvalidDataException("an answer is longer than 64 KiB");
        }

        body.Write(data);
    }

    public override void OnEnd(bool cut)
    {
        if (cut)
        {
            done.TrySetException(new IOException("the connection ended before the answer"));
        }
        else
        {
            done.TrySetResult();
        }
    }
}
