using System;
using MeshIoT.Crypto;

namespace MeshIoT.Relay;

/// <summary>Another relay of the region, to which packets for its clients go.</summary>
internal interface IForwarder
{
    /// <summary>Passes a packet on, or drops it; never waits.</summary>
    bool Forward(NodePublicKey source, NodePublicKey destination, ReadOnlySpan<byte> packet);
}
