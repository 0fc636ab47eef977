namespace MeshIoT.Derp;

/// <summary>What <see cref="FrameReader.Read"/> found.</summary>
public enum FrameStep
{
    /// <summary>No whole frame: keep what has not been consumed and read more behind it.</summary>
    NeedMore,

    /// <summary>A frame.</summary>
    Frame,

    /// <summary>The other side breaks the protocol: close the connection.</summary>
    Violation,
}
