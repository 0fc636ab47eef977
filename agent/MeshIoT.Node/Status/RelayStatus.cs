namespace MeshIoT.Node;

/// <summary>A relay region as a node sees it.</summary>
/// <param name="Region">Its number.</param>
/// <param name="Code">Its code; the number when the netmap has none.</param>
/// <param name="Name">Its name for people; may be empty.</param>
/// <param name="Connected">Whether this node is connected to it now; null: not known.</param>
public sealed record RelayStatus(int Region, string Code, string Name, bool? Connected);
