namespace MeshIoT.NetStack;

/// <summary>
/// All connections: found by addresses and ports in a hash table keyed with a random number, walked by index for timers,
/// and queued in turn when they have something to send.
/// </summary>
internal sealed class TcpTable
{
    readonly TcpSocket[] sockets;
    readonly TcpSocket?[] buckets;
    readonly uint seed;
    int count;
    TcpSocket? firstReady, lastReady;

    public TcpTable(int limit, uint seed)
    {
        this.seed = seed;
        sockets = new TcpSocket[limit];
        int size = 8;
        while (size < limit)
        {
            size *= 2;
        }

        buckets = new TcpSocket[size];
    }

    public int Count
    {
        get { return count; }
    }

    public int Limit
    {
        get { return sockets.Length; }
    }

    public bool HasReady
    {
        get { return firstReady != null; }
    }

    public TcpSocket At(int index)
    {
        return sockets[index];
    }

    public TcpSocket? Find(byte[] remote, int remoteAt, int addressLength, int remotePort, byte[] local, int localAt, int localPort)
    {
        TcpSocket? socket = buckets[Bucket(remote, remoteAt, addressLength, remotePort, localPort)];
        while (socket != null && !socket.Matches(remote, remoteAt, addressLength, remotePort, local, localAt, localPort))
        {
            socket = socket.NextInBucket;
        }

        return socket;
    }

    /// <summary>The caller has checked that there is room.</summary>
    public void Add(TcpSocket socket)
    {
        socket.TableIndex = count;
        sockets[count++] = socket;
        int bucket = BucketOf(socket);
        socket.NextInBucket = buckets[bucket];
        buckets[bucket] = socket;
    }

    public void Remove(TcpSocket socket)
    {
        if (socket.TableIndex < 0)
        {
            return;
        }

        TcpSocket last = sockets[--count];
        sockets[socket.TableIndex] = last;
        last.TableIndex = socket.TableIndex;
        sockets[count] = null!;
        socket.TableIndex = -1;
        int bucket = BucketOf(socket);
        TcpSocket? before = buckets[bucket];
        if (before == socket)
        {
            buckets[bucket] = socket.NextInBucket;
        }
        else
        {
            while (before!.NextInBucket != socket)
            {
                before = before.NextInBucket;
            }

            before.NextInBucket = socket.NextInBucket;
        }

        socket.NextInBucket = null;
    }

    /// <summary>Asks for a turn to send; once is enough.</summary>
    public void MakeReady(TcpSocket socket)
    {
        if (socket.IsReady)
        {
            return;
        }

        socket.IsReady = true;
        if (lastReady == null)
        {
            firstReady = socket;
        }
        else
        {
            lastReady.NextReady = socket;
        }

        lastReady = socket;
    }

    public TcpSocket? TakeReady()
    {
        TcpSocket? socket = firstReady;
        if (socket != null)
        {
            firstReady = socket.NextReady;
            lastReady = firstReady == null ? null : lastReady;
            socket.NextReady = null;
            socket.IsReady = false;
        }

        return socket;
    }

    int BucketOf(TcpSocket socket)
    {
        return Bucket(socket.RemoteAddress, 0, socket.RemoteAddress.Length, socket.RemotePort, socket.LocalPort);
    }

    int Bucket(byte[] remote, int at, int length, int remotePort, int localPort)
    {
        uint hash = seed ^ (((uint)remotePort << 16) | (uint)localPort);
        for (int end = at + length; at < end; at += 4)
        {
            hash = (hash ^ BigEndian.U32(remote, at)) * 0x9E3779B1;
            hash ^= hash >> 15;
        }

        hash *= 0x85EBCA6B;
        return (int)((hash ^ (hash >> 13)) & (uint)(buckets.Length - 1));
    }
}
