using MeshIoT.Crypto;

namespace MeshIoT.Node.Engine;

/// <summary>
/// A disco key that a peer advertised through its own session, while the netmap still names another. The peer's word holds until
/// the netmap changes its mind: that is then the newer word.
/// </summary>
/// <param name="Key">What the peer said.</param>
/// <param name="Netmap">What the netmap said then.</param>
internal sealed record AdvertisedKey(DiscoPublicKey Key, DiscoPublicKey Netmap);
