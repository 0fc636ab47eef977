namespace MeshIoT.Crypto;

/// <summary>Where a packet lies in an area that holds many.</summary>
/// <param name="Offset">Bytes from the area's beginning.</param>
/// <param name="Length">Its bytes: of the text when sealing, of text and tag when opening.</param>
public readonly record struct PacketRange(int Offset, int Length);
