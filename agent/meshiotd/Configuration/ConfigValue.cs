using System.Collections.Generic;

namespace MeshIoT.Agent.Configuration;

/// <summary>What a value of a TOML file is.</summary>
internal enum ConfigKind
{
    Text,
    Whole,
    Real,
    Flag,
    List,
    Other,
}

/// <summary>A value of a TOML file with the place it stands in.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text: a number in decimal, a list's items, one a line.</param>
/// <param name="Origin"><c>FILE:LINE:COLUMN</c>.</param>
/// <param name="Items">The items, where it is a list.</param>
internal sealed record ConfigValue(ConfigKind Kind, string Text, string Origin, IReadOnlyList<ConfigValue>? Items = null);
