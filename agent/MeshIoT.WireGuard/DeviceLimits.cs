using System;

namespace MeshIoT.WireGuard;

/// <summary>What a device may use. The defaults suit a gateway; a microcontroller lowers them before it creates its device.</summary>
public sealed class DeviceLimits
{
    int stagedPackets = 128;
    int replayWindowPackets = 8128;
    int rateLimiterEntries = 1024;
    int initiationsPerSecond = 100;

    /// <summary>Packets that wait per peer while there is no session, 1 to 1024; the oldest gives way.</summary>
    public int StagedPackets
    {
        get => stagedPackets;
        set => stagedPackets = Within(value, 1, 1024);
    }

    /// <summary>How far packets may be reordered, 32 to 8128; memory for it is taken when a session first sees a gap.</summary>
    public int ReplayWindowPackets
    {
        get => replayWindowPackets;
        set => replayWindowPackets = Within(value, 32, 8128);
    }

    /// <summary>Sources watched while under load, 16 to 65536; memory for them is taken when the device is first under load.</summary>
    public int RateLimiterEntries
    {
        get => rateLimiterEntries;
        set => rateLimiterEntries = Within(value, 16, 65536);
    }

    /// <summary>Handshake messages per second, 1 to 1000000, beyond which the device counts as under load.</summary>
    public int InitiationsPerSecond
    {
        get => initiationsPerSecond;
        set => initiationsPerSecond = Within(value, 1, 1000000);
    }

    static int Within(int value, int least, int most)
    {
        if (value < least || value > most)
        {
            throw new ArgumentException("limit out of range");
        }

        return value;
    }
}
