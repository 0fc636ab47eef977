using System.Collections.Generic;
using System.Threading;

namespace MeshIoT.Derp;

/// <summary>
/// Batches and their buffers. Each buffer holds the longest frame and is small enough for the ordinary heap. A few unused ones are kept
/// until <see cref="Trim"/>. Any thread.
/// </summary>
internal sealed class BatchSource
{
    /// <summary>Bytes of a buffer: over the longest packet frame (65,573), under the heap's limit for large objects (85,000).</summary>
    public const int BufferSize = 72 * 1024;

    const int Kept = 4;

    readonly Lock gate = new();
    readonly Stack<DerpBatch> free = new(Kept);

    /// <summary>An empty batch, used or new, for a connection that has taken one from its quota.</summary>
    public DerpBatch Rent(int region, BatchQuota quota)
    {
        DerpBatch? batch;
        lock (gate)
        {
            free.TryPop(out batch);
        }

        batch ??= new DerpBatch(new byte[BufferSize], Return);
        batch.Quota = quota;
        batch.Start(region);
        return batch;
    }

    /// <summary>Lets the unused ones go.</summary>
    public void Trim()
    {
        lock (gate)
        {
            free.Clear();
        }
    }

    void Return(DerpBatch batch)
    {
        BatchQuota? quota = batch.Quota;
        batch.Quota = null;
        lock (gate)
        {
            if (free.Count < Kept)
            {
                free.Push(batch);
            }
        }

        quota?.Release();
    }
}
