using System;

namespace MeshIoT.Node.Engine;

/// <summary>What a ping found out.</summary>
/// <param name="RoundTrip">From sending it to its answer, a handshake included when one was needed.</param>
/// <param name="Endpoint">Over which endpoint, 18 bytes; null when that is not known.</param>
/// <param name="PeerApiPort">The port that a TSMP pong names; 0: none.</param>
internal readonly record struct PingAnswer(TimeSpan RoundTrip, byte[]? Endpoint, int PeerApiPort = 0);
