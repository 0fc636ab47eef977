namespace MeshIoT.Sensors;

/// <summary>How far a reading can be trusted.</summary>
public enum Quality
{
    /// <summary>Nothing was read yet.</summary>
    None,

    /// <summary>Read when it was due.</summary>
    Good,

    /// <summary>The last good value, older than three sampling intervals.</summary>
    Stale,

    /// <summary>The sensor does not answer or answers nonsense; the value is the last good one, if there was one.</summary>
    Bad,
}
