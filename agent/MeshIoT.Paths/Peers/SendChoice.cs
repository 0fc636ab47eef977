namespace MeshIoT.Paths.Peers;

/// <summary>Where a datagram for a peer goes.</summary>
/// <param name="Direct">The endpoint, 18 bytes, or null for none. Not to be kept: a peer that was heard elsewhere changes it.</param>
/// <param name="ByRelay">Whether it goes through the relay as well, since nothing shows that the direct way works.</param>
public readonly record struct SendChoice(byte[]? Direct, bool ByRelay);
