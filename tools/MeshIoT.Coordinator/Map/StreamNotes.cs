using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace MeshIoT.Coordinator;

/// <summary>What one pass has for one stream.</summary>
internal sealed class StreamNotes
{
    /// <summary>Compares what is said of peers; only of use where <see cref="IsShared"/>.</summary>
    public static IEqualityComparer<StreamNotes> ByItems { get; } = new ItemComparer();

    /// <summary>Indices into the pass's items.</summary>
    public List<int> Items { get; } = [];

    /// <summary>Users whose profile it is to get.</summary>
    public SortedSet<long> Users { get; } = [];

    /// <summary>The node itself has changed.</summary>
    public bool Self { get; set; }

    /// <summary>Its access was worked out again, or that of one of its peers: filter, SSH policy and capabilities are to be compared.</summary>
    public bool Access { get; set; }

    /// <summary>Its packet filter has changed.</summary>
    public bool Filter { get; set; }

    /// <summary>Its SSH policy has changed.</summary>
    public bool Ssh { get; set; }

    /// <summary>There is nothing to say.</summary>
    public bool IsEmpty => !Self && !Filter && !Ssh && Items.Count == 0 && Users.Count == 0;

    /// <summary>Nothing in it is for this node alone.</summary>
    public bool IsShared => !Self && !Filter && !Ssh && Users.Count == 0;

    /// <summary>Puts the items in order, each once.</summary>
    public void Seal()
    {
        Items.Sort();
        int kept = 0;
        for (int i = 0; i < Items.Count; i++)
        {
            int item = Items[i];
            if (kept == 0 || Items[kept - 1] != item)
            {
                Items[kept++] = item;
            }
        }

        Items.RemoveRange(kept, Items.Count - kept);
    }

    sealed class ItemComparer : IEqualityComparer<StreamNotes>
    {
        public bool Equals(StreamNotes? x, StreamNotes? y) => CollectionsMarshal.AsSpan(x!.Items).SequenceEqual(CollectionsMarshal.AsSpan(y!.Items));

        public int GetHashCode(StreamNotes notes)
        {
            HashCode hash = default;
            hash.AddBytes(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(notes.Items)));
            return hash.ToHashCode();
        }
    }
}
