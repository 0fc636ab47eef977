using System;

namespace MeshIoT.NetStack;

/// <summary>
/// The retransmission timeout, RFC 6298. Times one segment at a time and, after Karn, never one that was sent twice.
/// </summary>
internal sealed class TcpRtt
{
    /// <summary>Eight times the smoothed time and four times its variation, so that integers carry the fractions.</summary>
    int smoothed8, variation4;
    int rtoMs = TcpConstants.InitialRtoMs;
    bool hasSample, timing;
    uint timedSeq;
    long startedMs;

    /// <summary>The present timeout, backed off or not.</summary>
    public int RtoMs
    {
        get { return rtoMs; }
    }

    /// <summary>The smoothed round-trip time; -1 before the first sample.</summary>
    public int SmoothedMs
    {
        get { return hasSample ? smoothed8 >> 3 : -1; }
    }

    /// <summary>New data was sent; it is timed unless another segment is.</summary>
    public void Sent(uint seq, long nowMs)
    {
        if (!timing)
        {
            timing = true;
            timedSeq = seq;
            startedMs = nowMs;
        }
    }

    /// <summary>Something was sent again: an acknowledgement would not say which copy it is for (Karn's algorithm).</summary>
    public void Cancel()
    {
        timing = false;
    }

    public void Acknowledged(uint ack, long nowMs)
    {
        if (timing && TcpSequence.Before(timedSeq, ack))
        {
            timing = false;
            long elapsed = nowMs - startedMs;
            Sample(elapsed > TcpConstants.MaxRtoMs ? TcpConstants.MaxRtoMs : (int)elapsed);
        }
    }

    /// <summary>Sections 2.2 and 2.3.</summary>
    public void Sample(int ms)
    {
        if (!hasSample)
        {
            hasSample = true;
            smoothed8 = ms << 3;
            variation4 = ms << 1;
        }
        else
        {
            int error = ms - (smoothed8 >> 3);
            variation4 += (error < 0 ? -error : error) - (variation4 >> 2);
            smoothed8 += error;
        }

        rtoMs = Math.Min((smoothed8 >> 3) + Math.Max(TcpConstants.MinVariationMs, variation4), TcpConstants.MaxRtoMs);
    }

    /// <summary>Section 5.5: doubled at each timeout; it stays so until a new sample.</summary>
    public void BackOff()
    {
        rtoMs = Math.Min(rtoMs * 2, TcpConstants.MaxRtoMs);
    }

    /// <summary>Section 5.7: the SYN was lost, so start with three seconds.</summary>
    public void StartAfterSynLoss()
    {
        if (!hasSample)
        {
            rtoMs = TcpConstants.RtoAfterSynLossMs;
        }
    }
}
