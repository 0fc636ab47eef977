using System;
using MeshIoT.Crypto;

namespace MeshIoT.NetStack;

/// <summary>
/// A userspace IP stack: packets and the time go in, packets come out. It opens nothing, starts nothing, reads no clock
/// and is used by one thread at a time. IPv4 and IPv6, ICMP echo, UDP, TCP (RFC 9293); every queue and table is bounded
/// by <see cref="StackLimits"/>.
/// <para>The shell's loop: <see cref="Input"/> each packet from the link, then <see cref="Poll"/> until it returns 0,
/// and again when <see cref="NextWakeMs"/> has come. Times are milliseconds of one clock that never goes back.</para>
/// </summary>
public sealed partial class NetStack
{
    /// <summary>The smallest MTU every IPv6 link must carry, RFC 8200 section 5.</summary>
    public const int MinMtu = 1280;

    readonly RandomSource random;
    readonly StackLimits limits;
    readonly MemoryBudget memory;
    readonly byte[][] addresses;
    readonly long[] drops = new long[(int)DropReason.RateLimited + 1];
    readonly byte[] randomBytes = new byte[4];
    readonly int mtu;
    int addressCount;

    /// <summary>A stack with the limits of <see cref="StackLimits.Host"/>.</summary>
    public NetStack(RandomSource random, int mtu)
        : this(random, mtu, StackLimits.Host())
    {
    }

    /// <summary>A stack for packets of at most <paramref name="mtu"/> bytes (1280 to 65535).</summary>
    public NetStack(RandomSource random, int mtu, StackLimits limits)
    {
        if (mtu < MinMtu || mtu > 65535)
        {
            throw new ArgumentException("The MTU must lie between 1280 and 65535.");
        }

        this.random = random;
        this.mtu = mtu;
        this.limits = limits;
        memory = new MemoryBudget(limits.BufferBytes);
        addresses = new byte[limits.MaxAddresses][];
        replies = new PacketQueue(limits.ReplyQueuePackets, mtu);
        datagrams = new PacketQueue(limits.DatagramQueuePackets, mtu);
        udpSockets = new UdpSocket[limits.MaxUdpSockets];
        listeners = new TcpListener[limits.MaxTcpListeners];
        connections = new TcpTable(limits.MaxTcpSockets, RandomU32());
    }

    /// <summary>Largest packet the stack sends.</summary>
    public int Mtu
    {
        get { return mtu; }
    }

    /// <summary>Packets given to <see cref="Input"/>.</summary>
    public long PacketsReceived { get; private set; }

    /// <summary>Packets returned by <see cref="Poll"/>.</summary>
    public long PacketsSent { get; private set; }

    /// <summary>TCP segments sent again, by timer or by duplicate acknowledgements.</summary>
    public long TcpRetransmissions { get; internal set; }

    /// <summary>Connections in any state.</summary>
    public int TcpSocketCount
    {
        get { return connections.Count; }
    }

    /// <summary>How often something was dropped for this reason.</summary>
    public long DropCount(DropReason reason)
    {
        return drops[(int)reason];
    }

    /// <summary>Answers to one more address, 4 or 16 bytes. The first of each family is the source of what this side begins.</summary>
    public void AddAddress(byte[] ip)
    {
        if ((ip.Length != 4 && ip.Length != 16) || !IpAddressing.IsUnicast(ip, 0, ip.Length))
        {
            throw new ArgumentException("Not a unicast address of 4 or 16 bytes.");
        }

        if (FindAddress(ip, 0, ip.Length) >= 0)
        {
            return;
        }

        if (addressCount == addresses.Length)
        {
            throw new InvalidOperationException("The stack has all the addresses its limits allow.");
        }

        byte[] copy = new byte[ip.Length];
        Array.Copy(ip, 0, copy, 0, ip.Length);
        addresses[addressCount++] = copy;
    }

    /// <summary>Stops answering to an address; its connections end with <see cref="SocketError.ConnectionAborted"/>.</summary>
    public void RemoveAddress(byte[] ip)
    {
        int index = FindAddress(ip, 0, ip.Length);
        if (index < 0)
        {
            return;
        }

        for (int i = connections.Count - 1; i >= 0; i--)
        {
            TcpSocket socket = connections.At(i);
            if (socket.LocalAddress.Length == ip.Length && IpAddressing.Equal(socket.LocalAddress, 0, ip, 0, ip.Length))
            {
                socket.Fail(SocketError.ConnectionAborted);
            }
        }

        Array.Copy(addresses, index + 1, addresses, index, addressCount - index - 1);
        addressCount--;
    }

    internal StackLimits Limits
    {
        get { return limits; }
    }

    internal MemoryBudget Memory
    {
        get { return memory; }
    }

    /// <summary>The latest time any caller told.</summary>
    internal long NowMs { get; set; }

    internal void Drop(DropReason reason)
    {
        drops[(int)reason]++;
    }

    internal uint RandomU32()
    {
        random.Fill(randomBytes, 0, 4);
        return BigEndian.U32(randomBytes, 0);
    }

    int FindAddress(byte[] bytes, int at, int length)
    {
        for (int i = 0; i < addressCount; i++)
        {
            if (addresses[i].Length == length && IpAddressing.Equal(addresses[i], 0, bytes, at, length))
            {
                return i;
            }
        }

        return -1;
    }

    byte[]? FirstAddress(int length)
    {
        for (int i = 0; i < addressCount; i++)
        {
            if (addresses[i].Length == length)
            {
                return addresses[i];
            }
        }

        return null;
    }

    /// <summary>The source for packets to a destination: the wish if it is ours, else the first of the family; null if neither.</summary>
    byte[]? SourceFor(byte[] destination, byte[]? wish)
    {
        if (wish == null)
        {
            return FirstAddress(destination.Length);
        }

        int index = wish.Length == destination.Length ? FindAddress(wish, 0, wish.Length) : -1;
        return index < 0 ? null : addresses[index];
    }
}
