using System;

namespace MeshIoT.NetStack;

/// <summary>
/// Ranges of sequence numbers, disjoint and in ascending order: what has arrived beyond the next expected byte, or what
/// the peer says has arrived there. The bytes themselves lie in the ring. The number of ranges is bounded; one more is refused.
/// </summary>
internal sealed class TcpRanges
{
    public const int MaxRanges = 32;
    uint[]? starts, ends;
    int count;
    uint latest;
    int turn;

    public int Count
    {
        get { return count; }
    }

    /// <summary>Adds [start, end), merging what touches; false if there is no room for one more range.</summary>
    public bool Insert(uint start, uint end)
    {
        if (starts == null || ends == null)
        {
            starts = new uint[MaxRanges];
            ends = new uint[MaxRanges];
        }

        int first = 0;
        while (first < count && TcpSequence.Before(ends[first], start))
        {
            first++;
        }

        int behind = first;
        while (behind < count && TcpSequence.AtOrBefore(starts[behind], end))
        {
            behind++;
        }

        if (behind == first)
        {
            if (count == MaxRanges)
            {
                return false;
            }

            Array.Copy(starts, first, starts, first + 1, count - first);
            Array.Copy(ends, first, ends, first + 1, count - first);
            count++;
        }
        else
        {
            start = TcpSequence.Before(starts[first], start) ? starts[first] : start;
            end = TcpSequence.Before(end, ends[behind - 1]) ? ends[behind - 1] : end;
            RemoveAt(first + 1, behind - first - 1);
        }

        starts[first] = start;
        ends[first] = end;
        latest = start;
        return true;
    }

    public uint Start(int index)
    {
        return starts![index];
    }

    public uint End(int index)
    {
        return ends![index];
    }

    public void Clear()
    {
        count = 0;
    }

    /// <summary>How much of [from, to) the ranges cover.</summary>
    public int CoveredIn(uint from, uint to)
    {
        int covered = 0;
        for (int i = 0; i < count; i++)
        {
            uint start = TcpSequence.Before(starts![i], from) ? from : starts[i], end = TcpSequence.Before(to, ends![i]) ? to : ends[i];
            covered += TcpSequence.Before(start, end) ? (int)(end - start) : 0;
        }

        return covered;
    }

    /// <summary>The stream now reaches <paramref name="next"/>: removes what it covers and returns how far the ranges carry it.</summary>
    public uint Advance(uint next)
    {
        int covered = 0;
        while (covered < count && TcpSequence.AtOrBefore(starts![covered], next))
        {
            next = TcpSequence.Before(next, ends![covered]) ? ends[covered] : next;
            covered++;
        }

        RemoveAt(0, covered);
        return next;
    }

    /// <summary>
    /// Writes up to <paramref name="max"/> SACK blocks and returns how many: the range with the latest arrival first (RFC 2018
    /// section 4), then the others in turn from call to call. In turn, because a shell that hands over many packets before it
    /// polls leaves ranges that never were the latest at that moment; a sender that never hears of them sends them again.
    /// </summary>
    public int WriteBlocks(byte[] output, int at, int max)
    {
        int written = 0, next = turn;
        for (int i = 0; i < count; i++)
        {
            if (starts![i] == latest)
            {
                WriteBlock(output, at, i);
                written = 1;
            }
        }

        for (int i = 0; i < count && written < max; i++)
        {
            next = next >= count - 1 ? 0 : next + 1;
            if (starts![next] != latest)
            {
                WriteBlock(output, at + (8 * written), next);
                written++;
            }
        }

        turn = next;
        return written;
    }

    void WriteBlock(byte[] output, int at, int index)
    {
        BigEndian.Put32(output, at, starts![index]);
        BigEndian.Put32(output, at + 4, ends![index]);
    }

    void RemoveAt(int index, int number)
    {
        if (number > 0)
        {
            Array.Copy(starts!, index + number, starts!, index, count - index - number);
            Array.Copy(ends!, index + number, ends!, index, count - index - number);
            count -= number;
        }
    }
}
