using System;
using System.Net;

namespace MeshIoT.Node;

/// <summary>The answer to an ICMP echo through the tunnel.</summary>
/// <param name="Name">The peer's name; empty when it was pinged by an address no peer owns alone.</param>
/// <param name="Address">The tailnet address that answered.</param>
/// <param name="Endpoint">The UDP endpoint the answer came from.</param>
/// <param name="RoundTrip">From handing the echo to the tunnel to its reply, a handshake included when one was needed.</param>
public sealed record PingReply(string Name, IPAddress Address, IPEndPoint? Endpoint, TimeSpan RoundTrip);
