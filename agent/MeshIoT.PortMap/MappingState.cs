namespace MeshIoT.PortMap;

/// <summary>What came of asking by one protocol.</summary>
internal enum MappingState
{
    /// <summary>Nothing was asked.</summary>
    Idle,

    /// <summary>Asked; the answer is awaited.</summary>
    Asking,

    /// <summary>There is a mapping.</summary>
    Granted,

    /// <summary>The gateway said no.</summary>
    Refused,

    /// <summary>No answer came in time.</summary>
    Silent,
}
