using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using MeshIoT.Linux.Offload;

namespace MeshIoT.Linux.Tests.Offload;

/// <summary>The kernel's end of a joiner: keeps what is written, and cuts it as the reference does.</summary>
sealed unsafe class Kernel : IPacketWriter
{
    // Packets wait where they are until they are written, with room before them.
    readonly List<byte[]> waiting = [];

    public Kernel() => Joiner = new SegmentJoiner(this);

    public SegmentJoiner Joiner { get; }

    public List<(byte[] Header, byte[] Packet)> Writes { get; } = [];

    public IEnumerable<byte[]> Seen => Writes.SelectMany(write => ReferenceCutter.Cut(write.Header, write.Packet));

    public void Add(byte[] packet)
    {
        byte[] memory = GC.AllocateArray<byte>(VirtioHeader.Size + packet.Length, pinned: true);
        packet.CopyTo(memory, VirtioHeader.Size);
        waiting.Add(memory);
        Joiner.Add((byte*)Unsafe.AsPointer(ref memory[0]) + VirtioHeader.Size, packet.Length);
    }

    public void WritePlain(byte* packet, int length)
    {
        // All of the room before it is the writer's.
        new Span<byte>(packet - VirtioHeader.Size, VirtioHeader.Size).Fill(0xee);
        Writes.Add((new byte[VirtioHeader.Size], new ReadOnlySpan<byte>(packet, length).ToArray()));
    }

    public void WriteJoined(byte* vectors, int count, bool isUdp)
    {
        byte[] all = [.. Enumerable.Range(0, count).SelectMany(i => new ReadOnlySpan<byte>(Vectors.Data(vectors, i), Vectors.Length(vectors, i)).ToArray())];
        Writes.Add((all[..VirtioHeader.Size], all[VirtioHeader.Size..]));
    }
}
