namespace MeshIoT.Control;

/// <summary>What can be wrong with the framing of the map stream.</summary>
internal enum MapFrameFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A frame of length zero.</summary>
    Empty,

    /// <summary>A frame longer than the client takes.</summary>
    TooLong,

    /// <summary>The stream ended within a frame.</summary>
    CutOff,
}
