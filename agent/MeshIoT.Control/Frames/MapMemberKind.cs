namespace MeshIoT.Control;

/// <summary>How a member of a map frame is read.</summary>
internal enum MapMemberKind
{
    /// <summary>Passed over, however long.</summary>
    Unknown,

    /// <summary>Whole, as one value.</summary>
    Whole,

    /// <summary>A list, element by element.</summary>
    List,

    /// <summary>Named lists of filter rules, rule by rule.</summary>
    Filters,
}
