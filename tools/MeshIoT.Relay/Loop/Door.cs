namespace MeshIoT.Relay;

/// <summary>What a listener is for.</summary>
internal enum Door
{
    /// <summary>DERP and its HTTP paths.</summary>
    Relay,

    /// <summary>The figures, for this machine alone.</summary>
    Metrics,
}
