using System;
using System.Runtime.CompilerServices;

namespace MeshIoT.Linux;

/// <summary>
/// Datagrams that wait to go out, one behind the other. Neighbours for one endpoint of one size, of which the last may be shorter, are a group: one
/// message, cut by the kernel. One thread.
/// </summary>
sealed unsafe class OutBatch
{
    /// <summary>Longer ones are not worth gathering.</summary>
    internal const int LargestDatagram = DatagramPort.LargestDatagram;

    /// <summary>The kernel's limits: UDP_MAX_SEGMENTS, and what an IP packet holds.</summary>
    const int MostInGroup = 64, LargestGroup = 65_000;

    const int Groups = 64, Capacity = 96 * 1024;

    /// <summary>How many groups in a row may be refused for their size before cutting is left alone for a while.</summary>
    const int MostFailures = 16;

    const long PauseMs = 60_000;

    /// <summary>A run of datagrams in the buffer.</summary>
    struct Group
    {
        internal int Start, Length, Size, Count;
    }

    readonly MessageHeaders headers = new(Groups);
    readonly Group[] groups = new Group[Groups];
    readonly byte[] endpoints = new byte[Groups * UdpPort.EndpointSize];
    readonly byte[] refused = new byte[UdpPort.EndpointSize];
    readonly byte[] memory = GC.AllocateUninitializedArray<byte>(Capacity, pinned: true);
    readonly byte* first;
    int used, failures;
    long pausedUntilMs;
    bool hasRefused;

    internal OutBatch() => first = (byte*)Unsafe.AsPointer(ref memory[0]);

    /// <summary>Groups that wait.</summary>
    internal int Count { get; private set; }

    /// <summary>Whether the kernel cuts groups.</summary>
    internal bool IsCutting { get; set; }

    /// <summary>Calls made.</summary>
    internal long Calls { get; set; }

    /// <summary>Whether one more datagram of any length fits.</summary>
    internal bool HasRoom => used + LargestDatagram <= Capacity && Count < Groups;

    /// <summary>Where the next datagram begins.</summary>
    internal byte* Next => first + used;

    /// <summary>The bytes at <see cref="Next"/> are a datagram; there was room.</summary>
    internal void Add(int length, ReadOnlySpan<byte> endpoint18)
    {
        if (Count > 0 && CanJoin(ref groups[Count - 1], length) && EndpointOf(Count - 1).SequenceEqual(endpoint18))
        {
            groups[Count - 1].Length += length;
            groups[Count - 1].Count++;
        }
        else
        {
            groups[Count] = new Group { Start = used, Length = length, Size = length, Count = 1 };
            endpoint18[..UdpPort.EndpointSize].CopyTo(endpoints.AsSpan(Count * UdpPort.EndpointSize));
            Count++;
        }

        used += length;
    }

    internal ReadOnlySpan<byte> EndpointOf(int group) => endpoints.AsSpan(group * UdpPort.EndpointSize, UdpPort.EndpointSize);

    internal byte* AddressOf(int group) => headers.Address(group);

    internal byte* MessageOf(int group) => headers.At(group);

    internal int CountOf(int group) => groups[group].Count;

    /// <summary>One datagram of a group.</summary>
    internal ReadOnlySpan<byte> DatagramOf(int group, int i)
    {
        ref Group of = ref groups[group];
        int at = i * of.Size;
        return new ReadOnlySpan<byte>(first + of.Start + at, Math.Min(of.Size, of.Length - at));
    }

    /// <summary>Writes the header of a group whose address is in its place already. An address of length 0 is one that this socket cannot send to.</summary>
    internal void Prepare(int group, uint addressLength)
    {
        ref Group of = ref groups[group];

        // Without an address the system refuses it, as it should.
        headers.Set(group, first + of.Start, of.Length, addressLength);
        headers.SetControl(group, Libc.SOL_UDP, Libc.UDP_SEGMENT, of.Count > 1 ? (ushort)of.Size : (ushort)0);
    }

    /// <summary>These went out.</summary>
    internal void Succeeded(int group, int count)
    {
        for (int i = group; i < group + count; i++)
        {
            failures = groups[i].Count > 1 ? 0 : failures;
        }
    }

    /// <summary>The kernel would not cut a group.</summary>
    internal void CuttingFailed(int errno, long nowMs)
    {
        // No checksums in the card: it will not learn it. A size that the way does not carry may be this one endpoint's trouble.
        if (errno is not (Errno.EINVAL or Errno.EMSGSIZE))
        {
            IsCutting = false;
        }
        else if (++failures >= MostFailures)
        {
            (failures, pausedUntilMs) = (0, nowMs + PauseMs);
        }
    }

    /// <summary>The system refused a group's endpoint: until something goes there, each datagram's fate is told at once.</summary>
    internal void Refuse(int group)
    {
        hasRefused = true;
        EndpointOf(group).CopyTo(refused);
    }

    /// <summary>Whether the endpoint is the one that was refused last.</summary>
    internal bool IsRefused(ReadOnlySpan<byte> endpoint18) => hasRefused && endpoint18.SequenceEqual(refused);

    /// <summary>Something went to the endpoint by itself.</summary>
    internal void Went(ReadOnlySpan<byte> endpoint18) => hasRefused &= !endpoint18.SequenceEqual(refused);

    /// <summary>All that waited is dealt with.</summary>
    internal void Clear() => (Count, used) = (0, 0);

    bool CanJoin(ref Group last, int length) =>
        IsCutting && last.Count < MostInGroup && length <= last.Size && last.Length == last.Count * last.Size && last.Size > 0 && length > 0
        && last.Length + length <= LargestGroup && (pausedUntilMs == 0 || BootClock.NowMs >= pausedUntilMs);
}
