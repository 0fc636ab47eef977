using System;
using MeshIoT.WireGuard;

namespace MeshIoT.Interop.Engine;

/// <summary>Labels by the machine's clock: a later run of this program is believed by peers that remember an earlier one.</summary>
sealed class WallTimestamps : TimestampSource
{
    readonly Tai64nClock clock = new(0);

    public override void Next(byte[] output, int offset)
    {
        clock.SetWallTime(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        clock.Next(output, offset);
    }
}
