using System;

namespace MeshIoT.Disco;

/// <summary>A pong came for a ping of <see cref="DiscoDevice.Try"/>: over which endpoint (18 bytes), and its round trip in milliseconds.</summary>
public delegate void PathAnswered(ReadOnlySpan<byte> endpoint18, long latencyMs);
