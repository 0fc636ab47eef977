using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using MeshIoT.Health;

namespace MeshIoT.Node.Kernel;

/// <summary>Whether the kernel carries packets between the tunnel and the networks this node advertises.</summary>
internal static class ForwardingCheck
{
    static readonly (AddressFamily Family, string Switch, string Path)[] Switches =
    [
        (AddressFamily.InterNetwork, "net.ipv4.ip_forward", "/proc/sys/net/ipv4/ip_forward"),
        (AddressFamily.InterNetworkV6, "net.ipv6.conf.all.forwarding", "/proc/sys/net/ipv6/conf/all/forwarding"),
    ];

    /// <summary>What is in the way; null: nothing that can be seen. A switch that cannot be read is taken for on.</summary>
    public static FaultReport? Check(IReadOnlyList<IPNetwork> advertised, bool isKernelMode) => Check(advertised, isKernelMode, ReadSwitch);

    /// <summary>The same with another way to read the switches.</summary>
    internal static FaultReport? Check(IReadOnlyList<IPNetwork> advertised, bool isKernelMode, Func<string, string?> read)
    {
        if (advertised.Count == 0)
        {
            return null;
        }

        if (!isKernelMode)
        {
            return Faults.RoutesNeedKernel.With(string.Join(", ", advertised));
        }

        foreach ((AddressFamily family, string name, string path) in Switches)
        {
            IPNetwork[] concerned = [.. advertised.Where(route => route.BaseAddress.AddressFamily == family)];
            if (concerned.Length > 0 && read(path)?.Trim() == "0")
            {
                return Faults.ForwardingOff.With(string.Join(", ", concerned), name);
            }
        }

        return null;
    }

    static string? ReadSwitch(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
