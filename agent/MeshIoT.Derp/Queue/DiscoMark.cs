using System;

namespace MeshIoT.Derp;

/// <summary>Tells path-discovery messages from data: relays and clients queue them apart. data-plane.md sections 2.1 and 4.3.</summary>
public static class DiscoMark
{
    /// <summary>True for a packet that begins as disco's do: "TS" and a speech balloon.</summary>
    public static bool IsDisco(ReadOnlySpan<byte> packet) => packet.StartsWith((ReadOnlySpan<byte>)[0x54, 0x53, 0xF0, 0x9F, 0x92, 0xAC]);
}
