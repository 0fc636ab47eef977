using System.Threading;

namespace MeshIoT.Derp;

/// <summary>Bytes and packets of one direction. One thread adds, any reads.</summary>
internal sealed class TrafficCount
{
    long bytes, packets;

    /// <summary>Bytes of frames.</summary>
    public long Bytes => Interlocked.Read(ref bytes);

    /// <summary>Packets in them.</summary>
    public long Packets => Interlocked.Read(ref packets);

    /// <summary>Adds.</summary>
    public void Add(int moreBytes, int morePackets)
    {
        Interlocked.Add(ref bytes, moreBytes);
        Interlocked.Add(ref packets, morePackets);
    }
}
