using System;

namespace MeshIoT.Node.Engine;

/// <summary>Where this node can be reached, as it tells peers that are to ping it. Called on the engine thread; must not block.</summary>
internal abstract class EndpointSource
{
    /// <summary>No endpoint at all.</summary>
    public static EndpointSource None { get; } = new Nowhere();

    /// <summary>The endpoints, best first: 18 bytes each, one after the other; an array that never changes.</summary>
    public abstract byte[] Packed { get; }

    /// <summary>Whether they were looked up within the last half minute: what NATs gave us lives about as long. data-plane.md section 2.6.</summary>
    public abstract bool IsFresh { get; }

    /// <summary>Begins to look them up anew; <see cref="PacketEngine.EndpointsLookedUp"/> is called when that is done.</summary>
    public virtual void Refresh()
    {
    }

    sealed class Nowhere : EndpointSource
    {
        public override byte[] Packed => Array.Empty<byte>();

        public override bool IsFresh => true;
    }
}
