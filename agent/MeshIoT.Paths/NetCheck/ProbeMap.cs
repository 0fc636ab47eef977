using System.Collections.Generic;

namespace MeshIoT.Paths.NetCheck;

/// <summary>A STUN server of a region: where it is, as endpoints of 18 bytes; null: not over that family.</summary>
public sealed record ProbeNode(byte[]? V4, byte[]? V6);

/// <summary>A relay region as a check sees it.</summary>
/// <param name="RegionId">Its number.</param>
/// <param name="Code">Its short name.</param>
/// <param name="Name">Its name for people.</param>
public sealed record ProbeRegion(int RegionId, string Code, string Name)
{
    /// <summary>Its STUN servers, in the order they are asked.</summary>
    public IReadOnlyList<ProbeNode> Nodes { get; init; } = [];

    /// <summary>Something there relays; not all nodes are for STUN only.</summary>
    public bool HasRelay { get; init; } = true;

    /// <summary>Neither measured later on nor chosen as home, unless it is the home already (old form).</summary>
    public bool Avoid { get; init; }

    /// <summary>Neither measured nor chosen as home.</summary>
    public bool NoMeasureNoHome { get; init; }

    /// <summary>Factor on its latency in the choice of the home; below 1 is preferred. Nonsense counts as 1.</summary>
    public double Score { get; init; } = 1;

    internal double Factor => Score > 0 && double.IsFinite(Score) ? Score : 1;
}

/// <summary>The relay regions, with names resolved: what a check works on.</summary>
public sealed record ProbeMap(IReadOnlyList<ProbeRegion> Regions)
{
    /// <summary>Regions beyond so many are not looked at.</summary>
    public const int MostRegions = 256;

    /// <summary>Nodes of a region beyond so many are not asked.</summary>
    public const int MostNodes = 8;

    /// <summary>Nothing to measure with.</summary>
    public static ProbeMap Empty { get; } = new([]);

    /// <summary>The region of a number; null: there is none.</summary>
    public ProbeRegion? Find(int regionId)
    {
        foreach (ProbeRegion region in Regions)
        {
            if (region.RegionId == regionId)
            {
                return region;
            }
        }

        return null;
    }
}
