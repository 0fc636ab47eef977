using MeshIoT.Crypto;

namespace MeshIoT.Coordinator;

/// <summary>Who is at the other end of a Noise connection: proved, not claimed. A feature of every request that came through it.</summary>
/// <param name="Machine">The key whose private half the handshake proved.</param>
/// <param name="Remote">The address it came from, for logs and limits.</param>
internal sealed record NoisePeer(MachinePublicKey Machine, string Remote);
