using System.Collections.Generic;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace MeshIoT.Coordinator;

/// <summary>Counts open connections per address (IPv6: per /64) and in all, and closes what is too much before it is read.</summary>
internal sealed class ConnectionGate(CoordinatorLimits limits, CoordinatorLog log)
{
    readonly Dictionary<IPAddress, int> open = [];
    int total;

    /// <summary>Connection middleware for the listener that faces the network.</summary>
    public ConnectionDelegate Guard(ConnectionDelegate next) => async connection =>
    {
        IPAddress address = RemoteAddress.Of(connection), group = RemoteAddress.GroupOf(address);
        if (!TryEnter(group))
        {
            log.TurnedAway(address.ToString(), "too many connections");
            connection.Abort();
            return;
        }

        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            Leave(group);
        }
    };

    bool TryEnter(IPAddress address)
    {
        lock (open)
        {
            open.TryGetValue(address, out int count);
            if (count >= limits.MaxConnectionsPerAddress || total >= limits.MaxConnections)
            {
                return false;
            }

            open[address] = count + 1;
            total++;
            return true;
        }
    }

    void Leave(IPAddress address)
    {
        lock (open)
        {
            total--;
            if (--open[address] == 0)
            {
                open.Remove(address);
            }
        }
    }
}
