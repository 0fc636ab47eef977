using System;
using System.IO;
using MeshIoT.Crypto;

namespace MeshIoT.Derp;

/// <summary>A stream on which a relay now speaks frames.</summary>
/// <param name="Node">Which relay.</param>
/// <param name="Stream">The stream; whoever has this disposes it, and with it the transport.</param>
/// <param name="Transport">What is beneath it.</param>
/// <param name="RelayKey">Its key where it is known already: then nothing of HTTP comes any more; zero otherwise.</param>
/// <param name="Early">What of the frames was read with the HTTP answer.</param>
internal sealed record DialedRelay(RelayNode Node, Stream Stream, Transport Transport, NodePublicKey RelayKey, ReadOnlyMemory<byte> Early);
