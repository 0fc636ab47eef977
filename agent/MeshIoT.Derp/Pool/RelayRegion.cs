using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using MeshIoT.Tailcfg;

namespace MeshIoT.Derp;

/// <summary>A region of the relay map with the relays that can be dialled, in their order. Equal when all of that is.</summary>
internal sealed class RelayRegion : IEquatable<RelayRegion>
{
    const int MostNodes = 16, LongestCode = 40;

    RelayRegion(int id, string code, RelayNode[] nodes)
    {
        (Id, Code, Nodes) = (id, code, nodes);
    }

    /// <summary>Number.</summary>
    public int Id { get; }

    /// <summary>Short name; the number where the map gives none.</summary>
    public string Code { get; }

    /// <summary>Relays; may be empty.</summary>
    public IReadOnlyList<RelayNode> Nodes { get; }

    /// <summary>Reads one of the map's.</summary>
    public static RelayRegion From(int id, DerpRegion region)
    {
        string code = region.RegionCode.Length is > 0 and <= LongestCode && region.RegionCode.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? region.RegionCode : id.ToString(CultureInfo.InvariantCulture);
        return new(id, code, [.. (region.Nodes ?? []).Select(RelayNode.From).OfType<RelayNode>().Take(MostNodes)]);
    }

    /// <inheritdoc/>
    public bool Equals(RelayRegion? other) => other is not null && Id == other.Id && Code == other.Code && Nodes.SequenceEqual(other.Nodes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RelayRegion);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Code, Nodes.Count);
}
