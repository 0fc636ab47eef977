using System.Collections.Generic;

namespace MeshIoT.Node;

/// <summary>What a node has sent and received since it started, in WireGuard messages as they are on the wire, without IP and UDP headers.</summary>
/// <param name="Paths">By way: "direct_ipv4", "direct_ipv6", "derp".</param>
/// <param name="Drops">Packets that were let go, by reason.</param>
/// <param name="Offloads">What the kernel does for many packets at once.</param>
public sealed record NodeTraffic(IReadOnlyList<PathTraffic> Paths, IReadOnlyList<PacketDrops> Drops, IReadOnlyList<OffloadState> Offloads);

/// <summary>Whether something is done for many packets at once.</summary>
/// <param name="Name">What, as <see cref="OffloadNames"/> has it.</param>
/// <param name="IsActive">Whether it is.</param>
public sealed record OffloadState(string Name, bool IsActive);

/// <summary>What went one way.</summary>
/// <param name="Path">Which.</param>
/// <param name="PacketsIn">Packets received.</param>
/// <param name="BytesIn">Their bytes.</param>
/// <param name="PacketsOut">Packets sent.</param>
/// <param name="BytesOut">Their bytes.</param>
public sealed record PathTraffic(string Path, long PacketsIn, long BytesIn, long PacketsOut, long BytesOut);

/// <summary>Packets let go for one reason.</summary>
/// <param name="IsInbound">They came from others; otherwise from this machine.</param>
/// <param name="Reason">
/// Why. From others: "acl" (the filter), "early" (no identity yet), "stranger" and "false_relay" (not who may come that way), "oversize", "malformed",
/// "handshake_mac", "handshake_load" (more than its share), "handshake_forged", "handshake_replayed", "unknown_peer", "no_session", "forged", "replayed",
/// "source" (an address that is not the sender's), "host_refused" (the tunnel interface). From this machine: "no_peer", "malformed", "unsent" (no session
/// came about), "network_refused" (the UDP port).
/// </param>
/// <param name="Packets">How many.</param>
public sealed record PacketDrops(bool IsInbound, string Reason, long Packets);
