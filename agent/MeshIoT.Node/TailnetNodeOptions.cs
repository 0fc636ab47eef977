using System;
using System.Net;
using MeshIoT.Linux;
using MeshIoT.Node.Session;
using MeshIoT.Node.State;

namespace MeshIoT.Node;

/// <summary>What a node is told at its start and cannot change while it runs.</summary>
public sealed record TailnetNodeOptions
{
    /// <summary>The UDP port a node takes when nobody chose one.</summary>
    public const int DefaultUdpPort = 41641;

    /// <summary>Largest packet inside the tunnel that goes everywhere, bytes: that of Tailscale.</summary>
    public const int DefaultMtu = 1280;

    /// <summary>Largest IP packet inside the tunnel, bytes: 1280 to 4000. More than the default only where every way between the nodes carries 80 more.</summary>
    public int Mtu { get; init; } = DefaultMtu;

    /// <summary>Where keys and login are kept (made with mode 0700). One process at a time.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>The coordinator to use where <see cref="UpRequest.LoginServer"/> and the saved state name none.</summary>
    public Uri? LoginServer { get; init; }

    /// <summary>The name to ask the coordinator for; null: the saved one, else the machine's.</summary>
    public string? Hostname { get; init; }

    /// <summary>Where packets meet the machine.</summary>
    public TunMode Tun { get; init; } = TunMode.Userspace;

    /// <summary>Name of the tunnel interface in kernel mode, at most 15 characters.</summary>
    public string TunName { get; init; } = "meshiot0";

    /// <summary>What the kernel is asked to do for many packets at once; it is used as far as it is to be had.</summary>
    public Offloads Offloads { get; init; } = Offloads.All;

    /// <summary>The local address of the UDP port; null: all of them, IPv4 and IPv6.</summary>
    public IPAddress? UdpBind { get; init; }

    /// <summary>The UDP port; 0: any. Only when the default is taken does the node move to a free one, and says so.</summary>
    public int UdpPort { get; init; } = DefaultUdpPort;

    /// <summary>Ask the router to open the UDP port (NAT-PMP, PCP, UPnP), so that peers elsewhere reach this node directly.</summary>
    public bool PortMapping { get; init; } = true;

    /// <summary>Tags to ask for, each with its "tag:" prefix; the coordinator decides.</summary>
    public string[] RequestTags { get; init; } = [];

    /// <summary>
    /// How long before its node key expires the node asks for a new one; null: a tenth of the key's life. Zero: never by itself.
    /// </summary>
    public TimeSpan? RenewKeyBefore { get; init; }

    /// <summary>Spend as little traffic of its own as possible, for uplinks that are paid by the byte: looks at the network more seldom.</summary>
    public bool LowData { get; init; }

    /// <summary>The wall clock and its timers; tests move their own.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Called between the steps of each save of the state, as <see cref="StateStore.AfterStep"/>; tests break it there.</summary>
    internal Action<string>? AfterStateStep { get; init; }

    /// <summary>How the node reaches its coordinator; tests put one in memory here.</summary>
    internal Func<CoordinatorAddress, CoordinatorLink>? OpenCoordinator { get; init; }
}
