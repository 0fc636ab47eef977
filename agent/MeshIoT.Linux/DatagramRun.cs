namespace MeshIoT.Linux;

/// <summary>
/// Datagrams of one sender that lie one behind the other, all of one size but the last, which may be shorter: what a kernel with UDP_GRO hands over in
/// one piece. The memory may be written to, and stays until the port fetches again. udp(7).
/// </summary>
public readonly unsafe struct DatagramRun
{
    /// <summary>A run in memory that does not move.</summary>
    /// <param name="data">The first byte.</param>
    /// <param name="length">All bytes; 0 is one datagram of nothing.</param>
    /// <param name="size">Bytes of each datagram but the last.</param>
    public DatagramRun(byte* data, int length, int size)
    {
        Data = data;
        Length = length;
        Size = size;
    }

    /// <summary>The first byte.</summary>
    public byte* Data { get; }

    /// <summary>All bytes.</summary>
    public int Length { get; }

    /// <summary>Bytes of each datagram but the last.</summary>
    public int Size { get; }

    /// <summary>How many datagrams it is.</summary>
    public int Count => Length == 0 ? 1 : (Length + Size - 1) / Size;
}
