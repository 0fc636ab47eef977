namespace MeshIoT.Control;

/// <summary>What a map frame may be, at most.</summary>
/// <param name="MaxFrameBytes">As it comes.</param>
/// <param name="MaxUnpackedBytes">As JSON.</param>
/// <param name="MaxEntryBytes">One member, or one element of a list, as JSON; at least 16 KiB.</param>
internal sealed record MapFrameLimits(int MaxFrameBytes = 64 * 1024 * 1024, int MaxUnpackedBytes = 128 * 1024 * 1024, int MaxEntryBytes = 4 * 1024 * 1024);
