using System;
using System.Buffers;
using System.Collections.Generic;
using System.Threading;

namespace MeshIoT.Mqtt.Broker;

/// <summary>What is retained, bounded in number and bytes. What the gateway itself publishes is told apart: it says it again after a start.</summary>
internal sealed class RetainedTable(int mostMessages, long mostBytes)
{
    readonly Lock gate = new();
    readonly Dictionary<string, RetainedEntry> entries = new(StringComparer.Ordinal);
    long bytes;

    /// <summary>Takes a retained message, an empty one removes; false when there is no room for it.</summary>
    /// <param name="entry">The message.</param>
    /// <param name="isChange">True when something is different now that has to be kept.</param>
    public bool TryTake(RetainedEntry entry, out bool isChange)
    {
        lock (gate)
        {
            isChange = false;
            bool isKnown = entries.TryGetValue(entry.Topic, out RetainedEntry? last);
            long grows = entry.Size - (last?.Size ?? 0);
            if (entry.Payload.IsEmpty)
            {
                isChange = isKnown && !last!.IsOwn;
                bytes -= last?.Size ?? 0;
                entries.Remove(entry.Topic);
                return true;
            }

            if ((!isKnown && entries.Count >= mostMessages) || (grows > 0 && bytes + grows > mostBytes))
            {
                return false;
            }

            isChange = !entry.IsOwn && (!isKnown || last!.IsOwn || last.QoS != entry.QoS || !Same(last.Payload, entry.Payload));
            entries[entry.Topic] = entry;
            bytes += grows;
            return true;
        }
    }

    /// <summary>All of them, now.</summary>
    public RetainedEntry[] Snapshot()
    {
        lock (gate)
        {
            return [.. entries.Values];
        }
    }

    static bool Same(ReadOnlySequence<byte> a, ReadOnlySequence<byte> b) => a.Length == b.Length && a.ToArray().AsSpan().SequenceEqual(b.ToArray());
}

/// <summary>A retained message.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Payload">The bytes.</param>
/// <param name="QoS">0 to 2.</param>
/// <param name="IsOwn">True when the gateway published it.</param>
internal sealed record RetainedEntry(string Topic, ReadOnlySequence<byte> Payload, int QoS, bool IsOwn)
{
    /// <summary>Bytes it takes.</summary>
    public long Size => Payload.Length + Topic.Length + 64;
}
