using System.Threading;

namespace MeshIoT.Relay;

/// <summary>What waits for slow clients in all. Each has its own bounds; but thousands that are slow at once must not take the machine's memory.</summary>
internal sealed class QueueBudget(long bytes)
{
    long used;

    /// <summary>Bytes that wait.</summary>
    public long Used => Interlocked.Read(ref used);

    /// <summary>So much waits that every queue keeps to a sixteenth of its own bounds.</summary>
    public bool IsShort => Used > bytes;

    public void Add(int change) => Interlocked.Add(ref used, change);
}
