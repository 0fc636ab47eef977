using System;

namespace MeshIoT.NetStack;

/// <summary>
/// How much may be in flight: slow start and congestion avoidance (RFC 5681), fast recovery with SACK (RFC 6675) or without (NewReno, RFC 6582),
/// an initial window of ten segments (RFC 6928), limited transmit (RFC 3042). Sizes are bytes.
/// </summary>
internal sealed class TcpCongestion
{
    const int DuplicateThreshold = 3, MaxWindow = 1 << 28;
    int mss = 1;
    int window;
    int threshold = MaxWindow;
    int counted;
    int duplicates;
    int partials;
    bool recovering, withSack;

    /// <summary>One past the highest byte sent when recovery began; duplicate acknowledgements at or below it start no new one.</summary>
    uint recover;

    /// <summary>The congestion window.</summary>
    public int Window
    {
        get { return window; }
    }

    public int Threshold
    {
        get { return threshold; }
    }

    public bool Recovering
    {
        get { return recovering; }
    }

    /// <summary>Bytes beyond the window the first two duplicate acknowledgements allow: RFC 3042.</summary>
    public int LimitedTransmit
    {
        get { return recovering ? 0 : Math.Min(duplicates, 2) * mss; }
    }

    /// <summary>True if partial acknowledgements shall no longer restart the timer: section 3.2 step 3, the impatient variant.</summary>
    public bool KeepTimer
    {
        get { return recovering && !withSack && partials > 1; }
    }

    public void Start(int segmentSize, uint initialSeq, bool synLost, bool sack)
    {
        withSack = sack;
        mss = segmentSize;
        recover = initialSeq;
        window = synLost ? mss : InitialWindow();
    }

    /// <summary>The path carries less than thought.</summary>
    public void SetSegmentSize(int segmentSize)
    {
        mss = segmentSize;
        window = Math.Max(window, mss);
    }

    /// <summary>Nothing was sent for longer than the timeout: RFC 5681 section 4.1.</summary>
    public void RestartAfterIdle()
    {
        window = Math.Min(window, InitialWindow());
    }

    /// <summary>New data acknowledged. True if it is a partial acknowledgement: send the first unacknowledged segment again.</summary>
    public bool Acknowledged(uint ack, int bytes, int stillInFlight, bool wasLimited)
    {
        duplicates = 0;
        if (recovering)
        {
            return AcknowledgedInRecovery(ack, bytes, stillInFlight);
        }

        if (TcpSequence.Before(recover, ack))
        {
            recover = ack - 1;
        }

        if (wasLimited)
        {
            Grow(bytes);
        }

        return false;
    }

    /// <summary>A duplicate acknowledgement; <paramref name="lost"/> if SACK already proves a loss. True if recovery begins: the first unacknowledged segment is to be sent again now.</summary>
    public bool Duplicate(uint unacknowledged, uint highestSent, bool lost)
    {
        if (recovering)
        {
            window = withSack ? window : Math.Min(window + mss, MaxWindow);
            return false;
        }

        duplicates++;
        bool enough = duplicates == DuplicateThreshold || (withSack && duplicates > DuplicateThreshold) || lost;
        if (!enough || TcpSequence.AtOrBefore(unacknowledged, recover))
        {
            return false;
        }

        recovering = true;
        partials = 0;
        recover = highestSent;
        threshold = Math.Max((int)(highestSent - unacknowledged) / 2, 2 * mss);
        window = withSack ? threshold : threshold + (DuplicateThreshold * mss);
        return true;
    }

    /// <summary>The retransmission timer fired: RFC 5681 section 3.1, RFC 6582 section 4.</summary>
    public void TimedOut(int inFlight, uint highestSent, bool again)
    {
        if (!again)
        {
            threshold = Math.Max(inFlight / 2, 2 * mss);
        }

        window = mss;
        counted = 0;
        duplicates = 0;
        recovering = false;
        recover = highestSent;
    }

    bool AcknowledgedInRecovery(uint ack, int bytes, int stillInFlight)
    {
        if (!TcpSequence.Before(ack, recover))
        {
            recovering = false;
            counted = 0;
            recover = ack - 1;
            window = Math.Min(threshold, Math.Max(stillInFlight, mss) + mss);
            return false;
        }

        if (withSack)
        {
            return false;
        }

        partials++;
        window = Math.Max(window - bytes, 0) + (bytes >= mss ? mss : 0);
        window = Math.Max(window, mss);
        return true;
    }

    /// <summary>Slow start counts bytes, at most two segments per acknowledgement (RFC 3465), so that a peer that acknowledges rarely is not slow and one that splits acknowledgements not fast.</summary>
    void Grow(int bytes)
    {
        if (window < threshold)
        {
            window += Math.Min(bytes, 2 * mss);
        }
        else
        {
            counted += bytes;
            if (counted >= window)
            {
                counted -= window;
                window += mss;
            }
        }

        window = Math.Min(window, MaxWindow);
    }

    int InitialWindow()
    {
        return Math.Min(10 * mss, Math.Max(2 * mss, 14600));
    }
}
