using System;
using System.Runtime.CompilerServices;

namespace MeshIoT.Linux;

/// <summary>What one recvmmsg brought, given out run by run. One thread.</summary>
sealed unsafe class InBatch
{
    /// <summary>Buffers a call may fill. One is as good for large transfers; eight halve the cost of many small datagrams.</summary>
    internal const int Slots = 8;

    const int SlotSize = 65_536;

    readonly MessageHeaders headers = new(Slots);
    readonly byte[] memory = GC.AllocateUninitializedArray<byte>(Slots * SlotSize, pinned: true);
    readonly byte* first;
    int filled, slot;

    internal InBatch()
    {
        first = (byte*)Unsafe.AsPointer(ref memory[0]);
        for (int i = 0; i < Slots; i++)
        {
            Reset(i);
        }
    }

    /// <summary>The last call found fewer than it had room for.</summary>
    internal bool IsDrained => filled < Slots;

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
        (filled, slot) = (count, -1);
        Calls++;
    }

    /// <summary>The next run and the address it came from; false: there is none left.</summary>
    internal bool TryNext(out DatagramRun run, out byte* address)
    {
        run = default;
        address = null;
        if (slot + 1 >= filled)
        {
            return false;
        }

        slot++;
        int length = headers.Length(slot), joined = headers.Control(slot, Libc.SOL_UDP, Libc.UDP_GRO);
        run = new DatagramRun(first + (slot * SlotSize), length, joined > 0 && joined < length ? joined : length);
        address = headers.Address(slot);
        return true;
    }

    void Reset(int i)
    {
        headers.Set(i, first + (i * SlotSize), SlotSize, MessageHeaders.AddressSize);
        headers.ExpectControl(i);
    }
}
