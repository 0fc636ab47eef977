using System;
using MeshIoT.WireGuard;

namespace MeshIoT.Node.Engine;

/// <content>What WireGuard let go, for whoever counts.</content>
internal sealed partial class PacketEngine
{
    /// <summary>How many packets WireGuard let go for these reasons since this node took its identity. Any thread; each number is whole by itself.</summary>
    public long DropsOf(params ReadOnlySpan<DeviceFault> faults)
    {
        long sum = 0;
        if (device is { } current)
        {
            foreach (DeviceFault fault in faults)
            {
                sum += current.DropCount(fault);
            }
        }

        return sum;
    }
}
