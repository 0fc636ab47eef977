namespace MeshIoT.Interop.Nat;

/// <summary>What a site's gateway was seen to do with UDP, in the words of RFC 4787.</summary>
/// <param name="Site">The site.</param>
/// <param name="Mapping">none (the host's own address), endpoint-independent, address-dependent, address-and-port-dependent, blocked.</param>
/// <param name="Filtering">endpoint-independent, address-dependent, address-and-port-dependent, blocked.</param>
/// <param name="Unsolicited">A datagram comes in to a port that nothing was ever sent from.</param>
/// <param name="PortPreserving">The mapped port is the host's.</param>
/// <param name="Seen">The address seen from outside, without the port.</param>
/// <param name="RttMs">To the reflectors, milliseconds; by TCP where UDP is blocked.</param>
sealed record NatKind(string Site, string Mapping, string Filtering, bool Unsolicited, bool PortPreserving, string? Seen, double RttMs);
