using System;
using MeshIoT.Linux.Offload;

namespace MeshIoT.Linux;

/// <content>
/// Offloads: the kernel hands over large TCP packets that are cut here, and takes large ones that are joined here, so that it does once for dozens
/// of packets what costs most. Before each packet lies a <see cref="VirtioHeader"/>. data-plane.md section 6.1.
/// </content>
public sealed unsafe partial class TunDevice
{
    const int IffVnetHeader = 0x4000;
    const uint TunSetOffload = 0x400454d0, TunSetVnetHeaderSize = 0x400454d8;
    const nint OffloadChecksum = 1, OffloadTcp4 = 2, OffloadTcp6 = 4;
    const int VectorSize = 16;

    SuperPacketSplitter? splitter;
    SegmentJoiner? joiner;

    /// <summary>Whether large packets go to and fro.</summary>
    public bool HasOffloads => splitter is not null;

    /// <summary>Large packets that could not be cut, because they are not what their header says or a piece is longer than the buffer.</summary>
    public long CutDrops => splitter?.Drops ?? 0;

    /// <summary>
    /// As <see cref="Write"/>, but the packet may wait for others that it can go together with, until <see cref="Flush"/>.
    /// A refusal is only counted (<see cref="WriteDrops"/>).
    /// </summary>
    public void WriteLater(ReadOnlySpan<byte> packet)
    {
        if (joiner is null)
        {
            Write(packet);
        }
        else
        {
            joiner.Add(packet);
        }
    }

    /// <summary>Gives the host what waits.</summary>
    public void Flush() => joiner?.Flush();

    // A kernel that does not take the offloads has taken the header all the same.
    void BeginOffloads()
    {
        int size = VirtioHeader.Size;
        bool fixedSize = Libc.Ioctl(descriptor, TunSetVnetHeaderSize, &size) == 0;
        bool offloads = fixedSize && Libc.Ioctl(descriptor, TunSetOffload, (void*)(OffloadChecksum | OffloadTcp4 | OffloadTcp6)) == 0;
        splitter = new SuperPacketSplitter();
        joiner = new SegmentJoiner(WriteOut) { IsEnabled = offloads };
    }

    int ReadOffloaded(SuperPacketSplitter from, Span<byte> buffer)
    {
        while (true)
        {
            int length = from.Next(buffer);
            if (length > 0)
            {
                return length;
            }

            length = ReadRaw(from.Buffer);
            if (length < 0)
            {
                return -1;
            }

            from.Begin(length);
        }
    }

    void WriteOut(ReadOnlySpan<byte> header, ReadOnlySpan<byte> packet)
    {
        if (TryWriteOut(header, packet, out int errno))
        {
            return;
        }

        // Some kernels refuse large packets that others take (6.6.44 did): then they go in pieces, now and from now on.
        if (errno == Errno.EINVAL && header[1] != VirtioHeader.None && joiner is { IsEnabled: true })
        {
            joiner.IsEnabled = false;
            WriteInPieces(header, packet);
            return;
        }

        WriteDrops++;
    }

    void WriteInPieces(ReadOnlySpan<byte> header, ReadOnlySpan<byte> packet)
    {
        SuperPacketSplitter cutter = new();
        byte[] piece = new byte[JoinedFlow.LargestPacket];
        header.CopyTo(cutter.Buffer);
        packet.CopyTo(cutter.Buffer.AsSpan(header.Length));
        cutter.Begin(header.Length + packet.Length);
        for (int length = cutter.Next(piece); length > 0; length = cutter.Next(piece))
        {
            Write(piece.AsSpan(0, length));
        }
    }

    bool TryWriteOut(ReadOnlySpan<byte> header, ReadOnlySpan<byte> packet, out int errno)
    {
        byte* vectors = stackalloc byte[2 * VectorSize];
        nint written;
        errno = 0;
        fixed (byte* before = header, first = packet)
        {
            *(byte**)vectors = before;
            *(nint*)(vectors + 8) = header.Length;
            *(byte**)(vectors + VectorSize) = first;
            *(nint*)(vectors + VectorSize + 8) = packet.Length;
            do
            {
                written = Libc.WriteVector(descriptor, vectors, 2);
                errno = written < 0 ? Errno.Last : 0;
            }
            while (errno == Errno.EINTR);
        }

        return written == header.Length + packet.Length;
    }
}
