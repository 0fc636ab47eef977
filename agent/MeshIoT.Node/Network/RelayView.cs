using System;

namespace MeshIoT.Node.Network;

/// <summary>The relay connections as the choice of a home sees them. Any thread; must not block.</summary>
internal abstract class RelayView
{
    /// <summary>A node that uses no relay.</summary>
    public static RelayView None { get; } = new NoRelays();

    /// <summary>This region is about to become home: it does well to connect while the coordinator is being told.</summary>
    public virtual void PrepareHome(int region)
    {
    }

    /// <summary>This region is home from now on; 0: none. Peers have been told of it, or of no other.</summary>
    public abstract void SetHome(int region);

    /// <summary>The router forgot its connections, or is another: whether those to relays still work must be asked.</summary>
    public virtual void Remapped()
    {
    }

    /// <summary>How long ago its relay sent something; null: it is not connected.</summary>
    public abstract TimeSpan? SinceHeard(int region);

    /// <summary>Its relay has refused connections, or broken them, for some seconds now.</summary>
    public abstract bool IsDown(int region);

    sealed class NoRelays : RelayView
    {
        public override void SetHome(int region)
        {
        }

        public override TimeSpan? SinceHeard(int region) => null;

        public override bool IsDown(int region) => false;
    }
}
