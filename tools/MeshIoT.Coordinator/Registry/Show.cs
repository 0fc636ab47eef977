using System;

namespace MeshIoT.Coordinator;

/// <summary>Whose netmap shows a change of a node.</summary>
[Flags]
internal enum Show
{
    /// <summary>No netmap has it.</summary>
    Nobody = 0,

    /// <summary>The node's own.</summary>
    Self = 1,

    /// <summary>Those of the others.</summary>
    Peers = 2,

    /// <summary>All.</summary>
    Everybody = Self | Peers,
}
