using System;
using System.IO;
using MeshIoT.Agent.Configuration;
using MeshIoT.Node;

namespace MeshIoT.Agent;

/// <summary>What the settings say about the node, in the words of <see cref="TailnetNode"/>.</summary>
internal static class NodeSetup
{
    /// <summary>Connections on the local socket at a time.</summary>
    public const int LocalConnections = 32;

    /// <summary>The node as the settings want it.</summary>
    public static TailnetNodeOptions Options(Settings settings, TunMode tun) => new()
    {
        StateDirectory = settings.StateDirectory,
        LoginServer = settings.LoginServer,
        Hostname = settings.Text("hostname") is { Length: > 0 } name ? name : null,
        Tun = tun,
        TunName = settings.TunName,
        Mtu = settings.TunMtu,
        Offloads = settings.Offloads,
        UdpBind = settings.UdpBind,
        UdpPort = settings.UdpPort,
        LowData = settings.LowData,
        PortMapping = settings.PortMapping,
        RenewKeyBefore = settings.RenewKeyBefore,
    };

    /// <summary>Kernel or userspace, by wish and by what this process may do.</summary>
    public static TunMode Tun(Settings settings) => settings.Tun switch
    {
        "kernel" => TunMode.Kernel,
        "userspace" => TunMode.Userspace,
        _ => Environment.IsPrivilegedProcess && File.Exists("/dev/net/tun") ? TunMode.Kernel : TunMode.Userspace,
    };

    /// <summary>The mode's name for people.</summary>
    public static string NameOf(TunMode tun) => tun == TunMode.Kernel ? "kernel" : "userspace";
}
