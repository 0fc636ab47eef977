namespace MeshIoT.Linux.Offload;

/// <summary>Takes what is ready for the kernel.</summary>
unsafe interface IPacketWriter
{
    /// <summary>A packet with which nothing is left to do. The <see cref="VirtioHeader.Size"/> bytes before it may be written to.</summary>
    void WritePlain(byte* packet, int length);

    /// <summary>A large packet as so many struct iovec, its <see cref="VirtioHeader"/> at the beginning of the first.</summary>
    void WriteJoined(byte* vectors, int count, bool isUdp);
}
