using System;

namespace MeshIoT.WireGuard;

/// <summary>An initiation we sent and whose response we await. Changed only by us or by a response that opened.</summary>
internal sealed class PendingHandshake : IndexOwner
{
    public PendingHandshake(WireGuardPeer peer)
        : base(peer)
    {
    }

    public readonly byte[] EphemeralPrivate = new byte[ProtocolLimits.KeySize];
    public readonly NoiseState Noise = new NoiseState();
    public bool IsActive;

    public void Wipe()
    {
        Array.Clear(EphemeralPrivate, 0, ProtocolLimits.KeySize);
        Noise.Wipe();
        IsActive = false;
    }
}
