using System;
using System.Runtime.CompilerServices;
using MeshIoT.Linux.Offload;

namespace MeshIoT.Linux;

/// <content>
/// Offloads: the kernel hands over large packets that are cut here, and takes large ones that are joined here, so that it does once for dozens
/// of packets what costs most. Before each packet lies a <see cref="VirtioHeader"/>. data-plane.md section 6.1.
/// </content>
public sealed unsafe partial class TunDevice : IPacketWriter
{
    /// <summary>Bytes before a packet that <see cref="WriteLater"/> overwrites.</summary>
    public const int Headroom = VirtioHeader.Size;

    const int IffVnetHeader = 0x4000;
    const uint TunSetOffload = 0x400454d0, TunSetVnetHeaderSize = 0x400454d8;
    const nint OffloadChecksum = 1, OffloadTcp4 = 2, OffloadTcp6 = 4, OffloadUdp4 = 0x20, OffloadUdp6 = 0x40;

    readonly SuperPacketSplitter splitter = new();
    SegmentJoiner? joiner;

    /// <summary>What the kernel does for this tunnel; it may turn out that it cannot after all.</summary>
    public Offloads Offloads { get; private set; }

    /// <summary>Large packets that could not be cut, because they are not what their header says or a piece is longer than the buffer.</summary>
    public long CutDrops => splitter.Drops;

    /// <summary>Large packets that came from the host, and that went to it; for measurements.</summary>
    public (long Cut, long Joined) LargePackets => (splitter.Cuts, joined);

    long joined;

    /// <summary>
    /// The packet that was fetched, whole: a large one is cut by <see cref="Cut"/>. Empty when all of it is cut. Until the next <see cref="Fetch"/>.
    /// </summary>
    public ReadOnlySpan<byte> Fetched => splitter.Packet;

    /// <summary>Reads the next packet from the host, which may be a large one; false when there is none now. When somebody removed the interface: <see cref="Gone"/>, or tun-gone.</summary>
    public bool Fetch()
    {
        bool plain = joiner is null;
        int length = plain ? ReadRaw(splitter.Buffer.AsSpan(VirtioHeader.Size)) : ReadRaw(splitter.Buffer);
        if (length < 0)
        {
            return false;
        }

        if (plain)
        {
            splitter.Buffer.AsSpan(0, VirtioHeader.Size).Clear();
            length += VirtioHeader.Size;
        }

        splitter.Begin(length);
        return true;
    }

    /// <summary>
    /// Writes the next packet of the fetched one, with all checksums, and returns its length; 0: no more. One longer than <paramref name="output"/> is
    /// dropped (<see cref="CutDrops"/>).
    /// </summary>
    public int Cut(Span<byte> output) => splitter.Next(output);

    /// <summary>
    /// As <see cref="Write"/>, but the packet may wait for others that it can go together with, until <see cref="Flush"/>; it stays where it is, and the
    /// <see cref="Headroom"/> bytes before it are overwritten. A refusal is only counted (<see cref="WriteDrops"/>).
    /// </summary>
    public void WriteLater(byte* packet, int length)
    {
        if (joiner is null)
        {
            WriteRaw(packet, length);
        }
        else
        {
            joiner.Add(packet, length);
        }
    }

    /// <summary>Gives the host what waits.</summary>
    public void Flush() => joiner?.Flush();

    // A kernel that does not take the offloads has taken the header all the same.
    void BeginOffloads(Offloads wanted)
    {
        int size = VirtioHeader.Size;
        bool fixedSize = Libc.Ioctl(descriptor, TunSetVnetHeaderSize, &size) == 0;
        nint tcp = (wanted & Offloads.TunTcp) != 0 ? OffloadTcp4 | OffloadTcp6 : 0, udp = (wanted & Offloads.TunUdp) != 0 ? OffloadUdp4 | OffloadUdp6 : 0;
        if (fixedSize && udp != 0 && Libc.Ioctl(descriptor, TunSetOffload, (void*)(OffloadChecksum | tcp | udp)) == 0)
        {
            Offloads = wanted & (Offloads.TunTcp | Offloads.TunUdp);
        }
        else if (fixedSize && tcp != 0 && Libc.Ioctl(descriptor, TunSetOffload, (void*)(OffloadChecksum | tcp)) == 0)
        {
            Offloads = Offloads.TunTcp;
        }

        joiner = new SegmentJoiner(this);
        UseOffloads(Offloads);
    }

    void UseOffloads(Offloads offloads)
    {
        Offloads = offloads;
        joiner!.JoinsTcp = (offloads & Offloads.TunTcp) != 0;
        joiner.JoinsUdp = (offloads & Offloads.TunUdp) != 0;
    }

    void IPacketWriter.WritePlain(byte* packet, int length)
    {
        byte* header = packet - VirtioHeader.Size;
        *(ulong*)header = 0;
        *(ushort*)(header + sizeof(ulong)) = 0;
        WriteRaw(header, VirtioHeader.Size + length);
    }

    void IPacketWriter.WriteJoined(byte* vectors, int count, bool isUdp)
    {
        nint written;
        int errno;
        do
        {
            written = Libc.WriteVector(descriptor, vectors, count);
            errno = written < 0 ? Errno.Last : 0;
        }
        while (errno == Errno.EINTR);

        if (written > 0)
        {
            joined++;
            return;
        }

        // Some kernels refuse large packets that others take (6.6.44 did): then they go in pieces, now and from now on.
        if (errno == Errno.EINVAL)
        {
            UseOffloads(Offloads & ~(isUdp ? Offloads.TunUdp : Offloads.TunTcp | Offloads.TunUdp));
            WriteInPieces(vectors, count);
            return;
        }

        WriteDrops++;
    }

    void WriteInPieces(byte* vectors, int count)
    {
        SuperPacketSplitter cutter = new();
        int length = 0;
        for (int i = 0; i < count; i++)
        {
            new ReadOnlySpan<byte>(Vectors.Data(vectors, i), Vectors.Length(vectors, i)).CopyTo(cutter.Buffer.AsSpan(length));
            length += Vectors.Length(vectors, i);
        }

        byte[] piece = GC.AllocateUninitializedArray<byte>(VirtioHeader.Size + JoinedFlow.LargestPacket, pinned: true);
        cutter.Begin(length);
        for (int size = cutter.Next(piece.AsSpan(VirtioHeader.Size)); size > 0; size = cutter.Next(piece.AsSpan(VirtioHeader.Size)))
        {
            ((IPacketWriter)this).WritePlain((byte*)Unsafe.AsPointer(ref piece[VirtioHeader.Size]), size);
        }
    }

    bool WriteRaw(byte* bytes, int length)
    {
        nint written;
        do
        {
            written = Libc.Write(descriptor, bytes, (nuint)length);
        }
        while (written < 0 && Errno.Last == Errno.EINTR);

        WriteDrops += written == length ? 0 : 1;
        return written == length;
    }
}
