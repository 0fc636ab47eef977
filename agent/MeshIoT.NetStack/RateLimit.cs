namespace MeshIoT.NetStack;

/// <summary>A token bucket: so many per second, and as many at once.</summary>
internal sealed class RateLimit
{
    readonly int perSecond;
    long milliTokens;
    long lastMs;

    public RateLimit(int perSecond)
    {
        this.perSecond = perSecond;
        milliTokens = perSecond * 1000L;
    }

    public bool TryTake(long nowMs)
    {
        long elapsed = nowMs - lastMs;
        lastMs = nowMs;
        if (elapsed > 1000 || elapsed < 0)
        {
            elapsed = elapsed < 0 ? 0 : 1000;
        }

        milliTokens += elapsed * perSecond;
        if (milliTokens > perSecond * 1000L)
        {
            milliTokens = perSecond * 1000L;
        }

        if (milliTokens < 1000)
        {
            return false;
        }

        milliTokens -= 1000;
        return true;
    }
}
