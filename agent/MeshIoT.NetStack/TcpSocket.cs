namespace MeshIoT.NetStack;

/// <summary>
/// One TCP connection, RFC 9293. Its parts: what the owner calls (.Send, .Receive, .Close), what arrives (.Arrival, .Ack,
/// .Data), what goes out (.Output, .Write) and the timers (.Timers).
/// <code>
///   send sequence space                         receive sequence space
///   sndUna       sndNxt     sndMax              rcvNxt              rcvNxt + room
///     | in flight  |  sent before |  unsent       | expected, gaps ...   |
///                  (after a timeout)
/// </code>
/// </summary>
public sealed partial class TcpSocket
{
    readonly NetStack stack;
    readonly byte[] local, remote;
    readonly int localPort, remotePort;
    readonly ByteRing sendRing;
    readonly ByteRing receiveRing;
    TcpState state;
    bool released;

    /// <summary>For the passive side until the connection is established.</summary>
    TcpListener? listener;

    internal TcpSocket(NetStack stack, byte[] local, int localPort, byte[] remote, int remotePort, SocketObserver? observer)
    {
        this.stack = stack;
        this.local = local;
        this.localPort = localPort;
        this.remote = remote;
        this.remotePort = remotePort;
        Observer = observer;
        TableIndex = -1;
        sendRing = new ByteRing(stack.Limits.TcpSendBytes, stack.Memory);
        receiveRing = new ByteRing(stack.Limits.TcpReceiveBytes, stack.Memory);
        advertisedMss = stack.Mtu - IpWriter.HeaderSize(remote.Length) - TcpConstants.HeaderSize;
        mss = remote.Length == 4 ? TcpConstants.DefaultMss4 : TcpConstants.DefaultMss6;
        while (receiveRing.Limit >> receiveShift > 65535 && receiveShift < TcpConstants.MaxWindowShift)
        {
            receiveShift++;
        }
    }

    /// <summary>Where the connection stands.</summary>
    public TcpState State
    {
        get { return state; }
    }

    /// <summary>Why it ended; None while it lives and after an orderly close.</summary>
    public SocketError Error { get; private set; }

    /// <summary>This side's address, 4 or 16 bytes; not to be changed.</summary>
    public byte[] LocalAddress
    {
        get { return local; }
    }

    /// <summary>The peer's address, 4 or 16 bytes; not to be changed.</summary>
    public byte[] RemoteAddress
    {
        get { return remote; }
    }

    /// <summary>This side's port.</summary>
    public int LocalPort
    {
        get { return localPort; }
    }

    /// <summary>The peer's port.</summary>
    public int RemotePort
    {
        get { return remotePort; }
    }

    /// <summary>Who is told of changes; null = nobody.</summary>
    public SocketObserver? Observer { get; set; }

    /// <summary>Anything the owner wants to find again.</summary>
    public object? Tag { get; set; }

    /// <summary>True (the default): small segments go out at once. False: Nagle's algorithm, RFC 9293 section 3.7.4.</summary>
    public bool NoDelay { get; set; } = true;

    /// <summary>The smoothed round-trip time in milliseconds; -1 before the first measurement.</summary>
    public int RoundTripMs
    {
        get { return rtt.SmoothedMs; }
    }

    /// <summary>Largest payload of a segment to this peer.</summary>
    public int SegmentSize
    {
        get { return mss; }
    }

    internal int TableIndex { get; set; }

    internal TcpSocket? NextInBucket { get; set; }

    internal TcpSocket? NextReady { get; set; }

    internal bool IsReady { get; set; }

    internal TcpSocket? NextNotified { get; set; }

    internal bool Notified { get; set; }

    internal TcpListener? Listener
    {
        get { return listener; }
    }

    /// <summary>When the connection came into being, to find the oldest half-open one.</summary>
    internal long CreatedMs { get; set; }

    internal uint NextExpectedSeq
    {
        get { return rcvNxt; }
    }

    internal TcpCongestion Congestion
    {
        get { return congestion; }
    }

    internal bool Matches(byte[] remoteBytes, int remoteAt, int addressLength, int fromPort, byte[] localBytes, int localAt, int toPort)
    {
        return remotePort == fromPort && localPort == toPort && remote.Length == addressLength
            && IpAddressing.Equal(remote, 0, remoteBytes, remoteAt, addressLength)
            && IpAddressing.Equal(local, 0, localBytes, localAt, addressLength);
    }

    /// <summary>Is this sequence number one we sent and have no acknowledgement for?</summary>
    internal bool IsInFlight(uint seq)
    {
        return TcpSequence.AtOrBefore(sndUna, seq) && TcpSequence.Before(seq, sndMax);
    }

    /// <summary>Ends the connection at once, without telling the peer; what was received can still be read.</summary>
    internal void Fail(SocketError error)
    {
        if (state == TcpState.Closed)
        {
            return;
        }

        state = TcpState.Closed;
        Error = error;
        bool known = listener == null;
        listener?.Forget(this);
        listener = null;
        StopTimers();
        sendRing.Free();
        if (released)
        {
            receiveRing.Free();
        }

        stack.Remove(this);
        if (known)
        {
            stack.Notify(this);
        }
    }

    void MakeReady()
    {
        stack.MakeReady(this);
    }
}
