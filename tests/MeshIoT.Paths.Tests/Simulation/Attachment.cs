namespace MeshIoT.Paths.Tests.Simulation;

/// <summary>Something that has an address on a <see cref="Site"/>: a node or the outer side of a router.</summary>
abstract class Attachment
{
    /// <summary>The site it is on; null while it is on none.</summary>
    public Site? Site { get; set; }

    /// <summary>Its address there.</summary>
    public uint Address { get; set; }

    /// <summary>A datagram has come.</summary>
    public abstract void Deliver(byte[] bytes, Place from, Place to);
}
