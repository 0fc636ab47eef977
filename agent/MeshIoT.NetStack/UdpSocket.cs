namespace MeshIoT.NetStack;

/// <summary>A UDP port, RFC 768, on all addresses of its stack. Datagrams wait in a bounded queue; what does not fit is dropped and counted.</summary>
public sealed class UdpSocket
{
    const int RecordSize = 38;
    const int LengthAt = 0, PortAt = 2, FamilyAt = 4, AddressAt = 6, LocalAt = 22;
    readonly NetStack stack;
    readonly ByteRing queue;
    readonly byte[] record = new byte[RecordSize];

    internal UdpSocket(NetStack stack, int localPort, int queueBytes, MemoryBudget budget, SocketObserver? observer)
    {
        this.stack = stack;
        LocalPort = localPort;
        Observer = observer;
        queue = new ByteRing(queueBytes, budget);
    }

    /// <summary>The port datagrams arrive at.</summary>
    public int LocalPort { get; }

    /// <summary>Who is told of arriving datagrams; null = nobody.</summary>
    public SocketObserver? Observer { get; set; }

    /// <summary>Anything the owner wants to find again.</summary>
    public object? Tag { get; set; }

    /// <summary>True after <see cref="Close"/>.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>True if <see cref="ReceiveFrom"/> has a datagram.</summary>
    public bool HasDatagram
    {
        get { return queue.Used > 0; }
    }

    internal bool Notified;
    internal UdpSocket? NextNotified;

    /// <summary>Queues one datagram from the stack's first address of that family; false if it is longer than the MTU allows, has no way out, or the queue is full.</summary>
    public bool SendTo(byte[] data, int offset, int length, byte[] remoteAddress, int remotePort)
    {
        return SendTo(data, offset, length, remoteAddress, remotePort, null);
    }

    /// <summary>The same from a given local address, as a server that answers must: <see cref="UdpSource.LocalAddress"/>.</summary>
    public bool SendTo(byte[] data, int offset, int length, byte[] remoteAddress, int remotePort, byte[]? localAddress)
    {
        return !IsClosed && stack.SendDatagram(this, data, offset, length, remoteAddress, remotePort, localAddress);
    }

    /// <summary>Takes the oldest datagram: the bytes copied (the rest is lost, see <see cref="UdpSource.DatagramLength"/>), or -1 if there is none.</summary>
    public int ReceiveFrom(byte[] buffer, int offset, int length, UdpSource source)
    {
        if (queue.Used == 0)
        {
            return -1;
        }

        queue.Peek(0, record, 0, RecordSize);
        int size = BigEndian.U16(record, LengthAt), copied = size < length ? size : length;
        queue.Peek(RecordSize, buffer, offset, copied);
        queue.Discard(RecordSize + size);
        source.Set(record[FamilyAt] == 6, record, AddressAt, LocalAt, BigEndian.U16(record, PortAt), size);
        return copied;
    }

    /// <summary>Frees the port; waiting datagrams are lost.</summary>
    public void Close()
    {
        if (!IsClosed)
        {
            IsClosed = true;
            Observer = null;
            queue.Free();
            stack.Remove(this);
        }
    }

    internal bool Arrive(IpPacket packet, int port, int at, int length)
    {
        if (!queue.Ensure(queue.Used + RecordSize + length))
        {
            return false;
        }

        BigEndian.Put16(record, LengthAt, length);
        BigEndian.Put16(record, PortAt, port);
        record[FamilyAt] = (byte)(packet.AddressLength == 4 ? 4 : 6);
        System.Array.Copy(packet.Bytes, packet.SourceAt, record, AddressAt, packet.AddressLength);
        System.Array.Copy(packet.Bytes, packet.DestinationAt, record, LocalAt, packet.AddressLength);
        queue.Place(0, record, 0, RecordSize);
        queue.Place(RecordSize, packet.Bytes, at, length);
        queue.Extend(RecordSize + length);
        return true;
    }
}
