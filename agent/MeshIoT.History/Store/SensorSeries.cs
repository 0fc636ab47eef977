namespace MeshIoT.History;

/// <summary>Values of one sensor in one unit, and those of them that are in memory.</summary>
internal sealed class SensorSeries(string id, string unit)
{
    public string Id => id;

    public string Unit => unit;

    /// <summary>Its number in the file; 0 while the file does not know it.</summary>
    public long Number { get; set; }

    /// <summary>What came since the last batch; null: nothing.</summary>
    public PointWriter? Open { get; set; }

    /// <summary>The larger, the later this unit came into use.</summary>
    public long Used { get; set; }
}
