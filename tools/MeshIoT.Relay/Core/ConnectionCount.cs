using System;
using System.Collections.Generic;
using System.Threading;

namespace MeshIoT.Relay;

/// <summary>Open connections, in all and per address; IPv6 addresses count by their /64, which one household has.</summary>
internal sealed class ConnectionCount(RelayLimits limits)
{
    readonly Dictionary<UInt128, int> open = [];
    readonly Lock gate = new();

    public int Total { get; private set; }

    /// <summary>False when it is one too many.</summary>
    public bool TryEnter(UInt128 address)
    {
        lock (gate)
        {
            UInt128 key = KeyOf(address);
            open.TryGetValue(key, out int count);
            if (count >= limits.MaxConnectionsPerAddress || Total >= limits.MaxConnections)
            {
                return false;
            }

            open[key] = count + 1;
            Total++;
            return true;
        }
    }

    public void Leave(UInt128 address)
    {
        lock (gate)
        {
            UInt128 key = KeyOf(address);
            Total--;
            if (--open[key] == 0)
            {
                open.Remove(key);
            }
        }
    }

    // ::ffff:a.b.c.d keeps all its bits.
    static UInt128 KeyOf(UInt128 address) => address >> 32 == 0xffff ? address : address >> 64 << 64;
}
