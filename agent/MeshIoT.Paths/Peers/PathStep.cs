namespace MeshIoT.Paths.Peers;

/// <summary>What <see cref="PathWatch.Poll"/> wants done.</summary>
public enum PathStep
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Ping the direct path now.</summary>
    Probe,

    /// <summary>The direct path did not answer: it is not to be trusted.</summary>
    Doubt,
}
