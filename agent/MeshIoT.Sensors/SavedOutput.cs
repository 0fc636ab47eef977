namespace MeshIoT.Sensors;

/// <summary>What an output was commanded to, as it is kept over a restart.</summary>
/// <param name="Id">Which output.</param>
/// <param name="Value">What it was commanded to.</param>
/// <param name="UntilUnixMs">When that ends; 0: not.</param>
public sealed record SavedOutput(string Id, double Value, long UntilUnixMs);
