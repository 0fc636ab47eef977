namespace MeshIoT.Control;

/// <summary>What can be wrong with the map stream.</summary>
internal enum MapFrameFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A frame of length zero.</summary>
    Empty,

    /// <summary>A frame longer than the client takes, as it comes or unpacked.</summary>
    TooLong,

    /// <summary>One entry of a frame longer than the client takes.</summary>
    EntryTooLong,

    /// <summary>The stream ended within a frame.</summary>
    CutOff,

    /// <summary>What came is no zstd, or wants more memory than the client gives.</summary>
    NotUnpackable,

    /// <summary>What came is no map frame.</summary>
    NotReadable,
}
