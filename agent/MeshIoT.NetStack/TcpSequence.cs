namespace MeshIoT.NetStack;

/// <summary>Comparing 32-bit sequence numbers that wrap, RFC 9293 section 3.4: a is before b if the way from a to b is shorter than half the circle.</summary>
internal static class TcpSequence
{
    public static bool Before(uint a, uint b)
    {
        return (int)(a - b) < 0;
    }

    public static bool AtOrBefore(uint a, uint b)
    {
        return (int)(a - b) <= 0;
    }
}
