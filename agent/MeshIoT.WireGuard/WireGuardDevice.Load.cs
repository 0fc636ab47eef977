namespace MeshIoT.WireGuard;

/// <content>When handshakes are expensive to answer. WireGuard paper, section 5.3.</content>
public sealed partial class WireGuardDevice
{
    long loadWindowSinceMs;
    int handshakesInWindow;
    long underLoadUntilMs;
    bool underLoadBySaying;

    /// <summary>True while handshakes are answered only to those who show a cookie: the shell says so (its queue is long), or more of them arrive per second than the limits allow.</summary>
    public bool UnderLoad
    {
        get => underLoadBySaying || now < underLoadUntilMs;
        set => underLoadBySaying = value;
    }

    /// <summary>Counts a handshake message with a good mac1. Those with a bad one cost us little, so they are no load.</summary>
    void CountHandshake()
    {
        if (now - loadWindowSinceMs >= 1000)
        {
            loadWindowSinceMs = now;
            handshakesInWindow = 0;
        }

        handshakesInWindow++;
        if (handshakesInWindow > limits.InitiationsPerSecond)
        {
            underLoadUntilMs = now + ProtocolLimits.UnderLoadAfterTimeMs;
        }
    }
}
