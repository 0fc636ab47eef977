using System;

namespace MeshIoT.Paths.Peers;

/// <summary>
/// Where the last handshake initiation went, and so when it is worth repeating before WireGuard's five seconds. One whose answer may still
/// be under way must not be: the second would make the answer to the first worthless. Milliseconds; one thread.
/// </summary>
public sealed class InitiationWatch
{
    /// <summary>Not at all.</summary>
    public const long Never = long.MaxValue;

    // What peers do at once, such as a ping on its way together with a handshake message, must not be overtaken.
    const long AfterMs = 50;

    // There and back by relay, over the slowest links.
    const long RelayedAnswerMs = 1_000;

    long answerDueMs = long.MinValue / 2;
    int region;
    bool isQueued;

    /// <summary>
    /// An initiation was sent. <paramref name="directMs"/>: how long an answer over a direct path that works takes; 0: there is no such path.
    /// <paramref name="by"/>: the relay it went by as well; 0: none. <paramref name="isOpen"/>: that relay is connected; otherwise it waits there.
    /// </summary>
    public void Sent(long nowMs, long directMs, int by, bool isOpen)
    {
        region = by;
        isQueued = by != 0 && !isOpen;
        answerDueMs = nowMs + (by != 0 && isOpen ? RelayedAnswerMs : directMs);
    }

    /// <summary>The relay says that the peer is not there: what went by it is lost.</summary>
    public void Gone(int by)
    {
        if (by == region)
        {
            region = 0;
            isQueued = false;
            answerDueMs = long.MinValue / 2;
        }
    }

    /// <summary>The relay is connected anew. True when the initiation went into the connection before, and is lost; one that waited goes now.</summary>
    public bool Opened(int by, long nowMs)
    {
        if (by != region)
        {
            return false;
        }

        bool lost = !isQueued;
        isQueued = false;
        answerDueMs = lost ? long.MinValue / 2 : nowMs + RelayedAnswerMs;
        return lost;
    }

    /// <summary>
    /// A way to the peer is open, perhaps only now: when the initiation may go again, or <see cref="Never"/>. One that waits for its relay need
    /// not, unless <paramref name="isDirect"/>: the next would go by another way.
    /// </summary>
    public long RetryAt(long nowMs, bool isDirect) => isQueued && !isDirect ? Never : Math.Max(nowMs + AfterMs, answerDueMs);
}
