using System;

namespace MeshIoT.Linux;

/// <summary>
/// An array of struct mmsghdr with a struct iovec, an address and room for one control message each, as recvmmsg(2) and sendmmsg(2) take it. Laid out
/// for 64-bit Linux, x64 and arm64 alike; in memory that does not move.
/// </summary>
sealed unsafe class MessageHeaders
{
    internal const int AddressSize = 28, ControlSize = 32;
    const int HeaderSize = 64, VectorSize = 16, AddressRoom = 32, EntrySize = HeaderSize + VectorSize + AddressRoom + ControlSize;
    const int AddressLengthAt = 8, VectorAt = 16, VectorCountAt = 24, ControlAt = 32, ControlLengthAt = 40, FlagsAt = 48, LengthAt = 56;
    const int ControlHeaderSize = 16, LevelAt = 8, TypeAt = 12;

    readonly byte* entries, vectors, addresses, controls;

    // The pinned array lives as long as this object.
    readonly byte[] memory;

    internal MessageHeaders(int count)
    {
        memory = GC.AllocateArray<byte>(count * EntrySize, pinned: true);
        entries = (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref memory[0]);
        vectors = entries + (count * HeaderSize);
        addresses = vectors + (count * VectorSize);
        controls = addresses + (count * AddressRoom);
        for (int i = 0; i < count; i++)
        {
            byte* header = entries + (i * HeaderSize);
            *(byte**)header = Address(i);
            *(byte**)(header + VectorAt) = vectors + (i * VectorSize);
            *(nuint*)(header + VectorCountAt) = 1;
            *(byte**)(header + ControlAt) = controls + (i * ControlSize);
        }
    }

    internal byte* At(int i) => entries + (i * HeaderSize);

    internal byte* Address(int i) => addresses + (i * AddressRoom);

    /// <summary>Bytes that the call moved.</summary>
    internal int Length(int i) => *(int*)(At(i) + LengthAt);

    /// <summary>Says what is to be moved.</summary>
    internal void Set(int i, byte* data, int length, uint addressLength)
    {
        *(byte**)(vectors + (i * VectorSize)) = data;
        *(nuint*)(vectors + (i * VectorSize) + 8) = (nuint)length;
        *(uint*)(At(i) + AddressLengthAt) = addressLength;
        *(int*)(At(i) + FlagsAt) = 0;
    }

    /// <summary>Room for a control message that comes.</summary>
    internal void ExpectControl(int i) => *(nuint*)(At(i) + ControlLengthAt) = ControlSize;

    /// <summary>A control message with a 16-bit number goes along; 0: none does.</summary>
    internal void SetControl(int i, int level, int type, ushort value)
    {
        *(nuint*)(At(i) + ControlLengthAt) = value == 0 ? 0 : (nuint)(ControlHeaderSize + 8);
        byte* control = controls + (i * ControlSize);
        *(nuint*)control = ControlHeaderSize + sizeof(ushort);
        *(int*)(control + LevelAt) = level;
        *(int*)(control + TypeAt) = type;
        *(ushort*)(control + ControlHeaderSize) = value;
    }

    /// <summary>The number in the control message of that kind; 0: none came.</summary>
    internal int Control(int i, int level, int type)
    {
        byte* control = controls + (i * ControlSize);
        return *(nuint*)(At(i) + ControlLengthAt) >= ControlHeaderSize + sizeof(int) && *(nuint*)control >= ControlHeaderSize + sizeof(int)
            && *(int*)(control + LevelAt) == level && *(int*)(control + TypeAt) == type ? *(int*)(control + ControlHeaderSize) : 0;
    }
}
