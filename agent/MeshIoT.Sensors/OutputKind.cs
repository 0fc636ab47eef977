namespace MeshIoT.Sensors;

/// <summary>What an output takes.</summary>
public enum OutputKind
{
    /// <summary>Off (0) or on (1).</summary>
    Switch,

    /// <summary>Any value between its bounds.</summary>
    Level,
}
