namespace MeshIoT.NetStack;

/// <summary>
/// What the peer's SACK blocks say about the data in flight, and what is to be sent again because of it: RFC 6675.
/// <code>
///   una      hole     ======   hole   =====        ======  nxt
///                     sacked          sacked  |    sacked
///             lost, all of it ----------------|  lost edge: more than two segments are sacked beyond it
/// </code>
/// </summary>
internal sealed class TcpScoreboard
{
    const int DuplicateThreshold = 3;
    readonly TcpRanges sacked = new TcpRanges();

    /// <summary>One past the highest byte sent again in this recovery.</summary>
    uint resentTo;

    public bool IsEmpty
    {
        get { return sacked.Count == 0; }
    }

    /// <summary>Nothing is known of what lies beyond.</summary>
    public void Clear(uint una)
    {
        sacked.Clear();
        resentTo = una;
    }

    /// <summary>Recovery begins: nothing was sent again yet.</summary>
    public void StartRecovery(uint una)
    {
        resentTo = una;
    }

    /// <summary>Takes the segment's blocks that lie in what was sent; true if they tell something new. Blocks that do not (duplicates reported, RFC 2883, or lies) are passed over.</summary>
    public bool Take(TcpSegment s, uint una, uint highest)
    {
        bool news = false;
        for (int i = 0, at = s.SackAt; i < s.SackBlocks; i++, at += 8)
        {
            uint start = BigEndian.U32(s.Bytes, at), end = BigEndian.U32(s.Bytes, at + 4);
            bool inside = TcpSequence.Before(una, start) && TcpSequence.Before(start, end) && TcpSequence.AtOrBefore(end, highest);
            if (inside && sacked.CoveredIn(start, end) < (int)(end - start))
            {
                news |= sacked.Insert(start, end);
            }
        }

        return news;
    }

    public void Advance(uint una)
    {
        sacked.Advance(una);
        if (TcpSequence.Before(resentTo, una))
        {
            resentTo = una;
        }
    }

    /// <summary>Everything before it that is not sacked is lost: section 4, IsLost.</summary>
    public uint LostEdge(uint una, int mss)
    {
        int beyond = 0;
        for (int i = sacked.Count - 1; i >= 0; i--)
        {
            beyond += (int)(sacked.End(i) - sacked.Start(i));
            if (beyond > (DuplicateThreshold - 1) * mss || sacked.Count - i >= DuplicateThreshold)
            {
                return sacked.Start(i);
            }
        }

        return una;
    }

    /// <summary>Bytes believed to be under way in [una, nxt): section 4, SetPipe.</summary>
    public int Pipe(uint una, uint nxt, int mss)
    {
        uint edge = LostEdge(una, mss);
        if (TcpSequence.Before(nxt, edge))
        {
            edge = nxt;
        }

        int all = (int)(nxt - una) - sacked.CoveredIn(una, nxt);
        int lost = (int)(edge - una) - sacked.CoveredIn(una, edge);
        uint resent = TcpSequence.Before(nxt, resentTo) ? nxt : resentTo;
        int again = TcpSequence.Before(una, resent) ? (int)(resent - una) - sacked.CoveredIn(una, resent) : 0;
        return all - lost + again;
    }

    /// <summary>The next lost bytes not sent again yet, at most a segment: section 4, NextSeg (1). Returns their number, 0 = none, and counts them as sent again.</summary>
    public int TakeHole(uint una, int mss, ref uint seq)
    {
        uint edge = LostEdge(una, mss), from = TcpSequence.Before(una, resentTo) ? resentTo : una;
        uint start = from;
        int length = UnsackedAt(ref start, edge, mss);
        if (length > 0)
        {
            seq = start;
            resentTo = start + (uint)length;
        }

        return length;
    }

    /// <summary>A segment at the left edge was sent again without asking.</summary>
    public void Resent(uint to)
    {
        if (TcpSequence.Before(resentTo, to))
        {
            resentTo = to;
        }
    }

    /// <summary>Moves <paramref name="seq"/> beyond what is sacked and returns how many bytes from there are not, at most <paramref name="max"/> and not beyond <paramref name="end"/>.</summary>
    public int UnsackedAt(ref uint seq, uint end, int max)
    {
        uint stop = end;
        for (int i = 0; i < sacked.Count; i++)
        {
            if (TcpSequence.AtOrBefore(sacked.Start(i), seq))
            {
                seq = TcpSequence.Before(seq, sacked.End(i)) ? sacked.End(i) : seq;
            }
            else
            {
                stop = TcpSequence.Before(sacked.Start(i), end) ? sacked.Start(i) : end;
                break;
            }
        }

        int length = TcpSequence.Before(seq, stop) ? (int)(stop - seq) : 0;
        return length < max ? length : max;
    }
}
