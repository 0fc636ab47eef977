using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using MeshIoT.Linux;

namespace MeshIoT.Node.Session;

/// <summary>
/// Where peers on the same networks can reach this node: the addresses of the machine with the port in use. Loopback is named
/// only when the port is bound to it, or when there is nothing else (data-plane.md section 2.8).
/// </summary>
/// <param name="Bind">Address the port is bound to; null: all.</param>
/// <param name="Port">The port in use.</param>
/// <param name="OwnInterface">The tunnel, never an endpoint; null in userspace mode.</param>
internal sealed record OwnEndpoints(IPAddress? Bind, int Port, string? OwnInterface)
{
    const int Most = 32;

    /// <summary>The port in use; another one after the socket had to be replaced.</summary>
    public int Port { get; set; } = Port;

    /// <summary>The list now, without the tailnet's own addresses.</summary>
    public IReadOnlyList<IPEndPoint> List(IReadOnlyList<IPAddress> tailnetAddresses)
    {
        if (Bind is not null && !Bind.Equals(IPAddress.Any) && !Bind.Equals(IPAddress.IPv6Any))
        {
            return [new IPEndPoint(Bind, Port)];
        }

        IReadOnlyList<LocalAddress> all = LocalAddresses.List(OwnInterface, includeLoopback: true);
        List<LocalAddress> usable = [.. all.Where(entry =>
            !tailnetAddresses.Contains(entry.Address)
            && (Bind is null || Bind.Equals(IPAddress.IPv6Any) || entry.Address.AddressFamily == AddressFamily.InterNetwork))];
        IEnumerable<LocalAddress> told = usable.Exists(static entry => !entry.IsLoopback) ? usable.Where(static entry => !entry.IsLoopback) : usable;
        return [.. told.Take(Most).Select(entry => new IPEndPoint(entry.Address, Port))];
    }
}
