namespace MeshIoT.Derp;

/// <summary>Which side of a relay connection reads: it decides which frames mean something, and how long they may be.</summary>
public enum DerpRole
{
    /// <summary>A node.</summary>
    Client,

    /// <summary>A relay.</summary>
    Server,
}
