using System;
using System.Threading;
using MeshIoT.Crypto;

namespace MeshIoT.Derp;

/// <summary>
/// Packets that came over one relay connection in one go, as they lie in the buffer they were read into. Whoever has it may write in the
/// buffer, for example to decrypt in place: nobody else reads it. Not for several threads at once.
/// </summary>
public sealed class DerpBatch
{
    const int UsualPackets = 64;

    readonly Action<DerpBatch>? returned;
    DerpPacket[] packets = new DerpPacket[UsualPackets];
    int isOut;

    /// <summary>An empty batch over a buffer; <paramref name="returned"/> takes it back.</summary>
    public DerpBatch(byte[] buffer, Action<DerpBatch>? returned)
    {
        Buffer = buffer;
        this.returned = returned;
    }

    /// <summary>The region it came through.</summary>
    public int Region { get; private set; }

    /// <summary>The bytes.</summary>
    public byte[] Buffer { get; }

    /// <summary>The packets, in the order in which they came.</summary>
    public ReadOnlySpan<DerpPacket> Packets => packets.AsSpan(0, Count);

    /// <summary>How many packets.</summary>
    public int Count { get; private set; }

    /// <summary>Whose share it counts in while it is out.</summary>
    internal BatchQuota? Quota { get; set; }

    /// <summary>Empties it for packets of a region.</summary>
    public void Start(int region)
    {
        Region = region;
        Count = 0;
        Volatile.Write(ref isOut, 1);
    }

    /// <summary>Notes a packet that lies in <see cref="Buffer"/>, its sender's key before it.</summary>
    public void Add(DerpPacket packet)
    {
        if (packet.Length < 0 || packet.SourceOffset < 0 || packet.Length > Buffer.Length - packet.Offset)
        {
            throw new ArgumentOutOfRangeException(nameof(packet));
        }

        if (Count == packets.Length)
        {
            Array.Resize(ref packets, 2 * packets.Length);
        }

        packets[Count++] = packet;
    }

    /// <summary>The node key of a packet's sender, as the relay tells it; the packet itself proves it or not.</summary>
    public NodePublicKey SourceOf(in DerpPacket packet) => NodePublicKey.FromBytes(Buffer.AsSpan(packet.SourceOffset, DerpFrames.KeySize));

    /// <summary>The packet's bytes.</summary>
    public Span<byte> BytesOf(in DerpPacket packet) => Buffer.AsSpan(packet.Offset, packet.Length);

    /// <summary>Gives it back to where it came from; nothing of it may be touched after that. Once is enough, twice does no harm.</summary>
    public void Return()
    {
        if (Interlocked.Exchange(ref isOut, 0) != 0)
        {
            returned?.Invoke(this);
        }
    }
}
