using System.Net;

namespace MeshIoT.PortMap;

/// <summary>A port of the gateway that leads to ours.</summary>
/// <param name="External">Where the world reaches it: a public IPv4 address and a port other than 0.</param>
/// <param name="ExpiresMs">Boot clock; until then it holds unless it is renewed, which happens in time.</param>
/// <param name="Kind">The protocol that made it.</param>
public sealed record PortMapping(IPEndPoint External, long ExpiresMs, PortMappingKind Kind);
