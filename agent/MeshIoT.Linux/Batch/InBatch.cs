using System;
using System.Runtime.CompilerServices;

namespace MeshIoT.Linux;

/// <summary>What one recvmmsg brought, given out datagram by datagram. One thread.</summary>
sealed unsafe class InBatch
{
    /// <summary>Buffers a call may fill. One is as good for large transfers; eight halve the cost of many small datagrams.</summary>
    internal const int Slots = 8;

    const int SlotSize = 65_536;

    readonly MessageHeaders headers = new(Slots);
    readonly byte[] memory = GC.AllocateUninitializedArray<byte>(Slots * SlotSize, pinned: true);
    readonly byte* first;
    int filled, slot, at, length, size;

    internal InBatch()
    {
        first = (byte*)Unsafe.AsPointer(ref memory[0]);
        for (int i = 0; i < Slots; i++)
        {
            Reset(i);
        }
    }

    /// <summary>Calls that brought something.</summary>
    internal long Calls { get; private set; }

    /// <summary>The headers for the next call: all is given out. Only what the last call touched needs to be set anew.</summary>
    internal byte* Prepare()
    {
        for (int i = 0; i < filled; i++)
        {
            Reset(i);
        }

        (filled, slot) = (0, -1);
        return headers.At(0);
    }

    /// <summary>So many buffers were filled.</summary>
    internal void Filled(int count)
    {
        (filled, slot, at, length) = (count, -1, 0, 0);
        Calls++;
    }

    /// <summary>The next datagram and the address it came from; false: there is none left.</summary>
    internal bool TryNext(out ReadOnlySpan<byte> datagram, out byte* address)
    {
        while (at >= length)
        {
            if (slot + 1 >= filled)
            {
                datagram = default;
                address = null;
                return false;
            }

            slot++;
            (at, length) = (0, headers.Length(slot));
            int joined = headers.Control(slot, Libc.SOL_UDP, Libc.UDP_GRO);
            size = joined > 0 && joined < length ? joined : length;
            if (length == 0)
            {
                // A datagram of nothing is one all the same.
                datagram = default;
                address = headers.Address(slot);
                return true;
            }
        }

        int take = Math.Min(size, length - at);
        datagram = new ReadOnlySpan<byte>(first + (slot * SlotSize) + at, take);
        address = headers.Address(slot);
        at += take;
        return true;
    }

    void Reset(int i)
    {
        headers.Set(i, first + (i * SlotSize), SlotSize, MessageHeaders.AddressSize);
        headers.ExpectControl(i);
    }
}
