namespace MeshIoT.Derp;

/// <summary>Where a packet lies in its batch's buffer. The sender's node key are the 32 bytes before it.</summary>
/// <param name="Offset">Start of the packet.</param>
/// <param name="Length">Its bytes, at least 1.</param>
public readonly record struct DerpPacket(int Offset, int Length)
{
    /// <summary>Start of the sender's node key.</summary>
    public int SourceOffset => Offset - DerpFrames.KeySize;
}
