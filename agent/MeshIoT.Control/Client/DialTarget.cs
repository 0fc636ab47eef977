using System.Net;

namespace MeshIoT.Control;

/// <summary>One way to the coordinator.</summary>
/// <param name="IsTls">TLS around the upgrade; the certificate decides nothing there, Noise does.</param>
/// <param name="Host">Name or address, without brackets.</param>
/// <param name="Port">TCP port.</param>
/// <param name="Address">Where to connect instead of asking for the host's address; null = ask.</param>
public readonly record struct DialTarget(bool IsTls, string Host, int Port, IPAddress? Address = null);
