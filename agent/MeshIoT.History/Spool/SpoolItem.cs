using System;

namespace MeshIoT.History;

/// <summary>A message that is to be passed on.</summary>
/// <param name="Topic">Where it goes.</param>
/// <param name="Payload">What it says.</param>
/// <param name="UnixMs">When what it says was so, milliseconds since 1970-01-01 UTC; kept as it is given.</param>
public sealed record SpoolItem(string Topic, ReadOnlyMemory<byte> Payload, long UnixMs);
