namespace MeshIoT.Health;

/// <summary>
/// The catalogue: every fault a person can meet, as data. One area per file (<c>Faults.Control.cs</c> …).
/// A code, once shipped, keeps its meaning.
/// </summary>
public static partial class Faults
{
}
