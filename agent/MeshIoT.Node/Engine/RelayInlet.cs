using MeshIoT.Crypto;
using MeshIoT.Derp;

namespace MeshIoT.Node.Engine;

/// <summary>The engine's ear at the relays: batches as they were read go to the engine thread, with one wake each.</summary>
internal sealed class RelayInlet(PacketEngine engine) : DerpReceiver
{
    /// <inheritdoc/>
    public override void Receive(DerpBatch batch) => engine.Offer(batch);

    /// <inheritdoc/>
    public override void PeerGone(int region, NodePublicKey peer, PeerGoneReason reason) => engine.PostUnlessCrowded(new Gone(region, peer));

    /// <inheritdoc/>
    public override void StateChanged(int region) => engine.PostUnlessCrowded(new Changed(region));

    sealed class Changed(int region) : EngineWork
    {
        public override void Run(PacketEngine engine, long nowMs) => engine.RelayChanged(region, nowMs);
    }

    sealed class Gone(int region, NodePublicKey peer) : EngineWork
    {
        public override void Run(PacketEngine engine, long nowMs) => engine.LeftRelay(region, peer, nowMs);
    }
}
