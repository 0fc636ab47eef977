namespace MeshIoT.Relay;

/// <summary>Another relay of the region: where it is, and how its certificate is checked.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Port">TCP port.</param>
/// <param name="CertName">Other name in its certificate, or <c>sha256-raw:</c> and the certificate's hash; null: the host's name, by the system's roots.</param>
public sealed record MeshPeer(string Host, int Port, string? CertName);
