namespace MeshIoT.History;

/// <summary>A message in the spool.</summary>
/// <param name="Id">Its place; later messages have larger ones. There may be gaps.</param>
/// <param name="Item">The message.</param>
public sealed record SpooledItem(long Id, SpoolItem Item);
