namespace MeshIoT.NetStack;

/// <summary>
/// Every bound of a stack, read once by its constructor. The defaults suit a small Linux gateway; buffers grow on
/// demand, so an idle connection costs a few hundred bytes whatever the limits say.
/// </summary>
public sealed class StackLimits
{
    /// <summary>Connections in any state, half-open and TIME-WAIT included.</summary>
    public int MaxTcpSockets { get; set; } = 64;

    /// <summary>Listening TCP ports.</summary>
    public int MaxTcpListeners { get; set; } = 16;

    /// <summary>Open UDP sockets.</summary>
    public int MaxUdpSockets { get; set; } = 32;

    /// <summary>Addresses the stack answers to.</summary>
    public int MaxAddresses { get; set; } = 8;

    /// <summary>Bytes a connection may hold unacknowledged or unsent.</summary>
    public int TcpSendBytes { get; set; } = 65536;

    /// <summary>Bytes a connection may hold unread: the largest window it offers.</summary>
    public int TcpReceiveBytes { get; set; } = 65536;

    /// <summary>Bytes all buffers of all sockets may take together.</summary>
    public int BufferBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Bytes of datagrams a UDP socket may hold unread.</summary>
    public int UdpQueueBytes { get; set; } = 16384;

    /// <summary>Datagrams and echo requests that may wait to be sent, of one MTU each.</summary>
    public int DatagramQueuePackets { get; set; } = 16;

    /// <summary>Echo replies, ICMP errors and resets that may wait to be sent, of one MTU each.</summary>
    public int ReplyQueuePackets { get; set; } = 8;

    /// <summary>How long a closed connection is remembered. RFC 9293 says 2 x 2 minutes; ports are chosen at random here, so less will do.</summary>
    public int TimeWaitMs { get; set; } = 10000;

    /// <summary>SYN retransmissions before a connection attempt fails: six take 127 seconds.</summary>
    public int SynRetries { get; set; } = 6;

    /// <summary>Limits for a host with memory to spare: windows that fill a fast, long path.</summary>
    public static StackLimits Host()
    {
        StackLimits limits = new StackLimits();
        limits.MaxTcpSockets = 1024;
        limits.MaxTcpListeners = 64;
        limits.MaxUdpSockets = 128;
        limits.TcpSendBytes = 512 * 1024;
        limits.TcpReceiveBytes = 512 * 1024;
        limits.BufferBytes = 64 * 1024 * 1024;
        limits.UdpQueueBytes = 256 * 1024;
        limits.DatagramQueuePackets = 64;
        limits.ReplyQueuePackets = 64;
        return limits;
    }

    /// <summary>Limits for a microcontroller with tens of kilobytes of heap.</summary>
    public static StackLimits Microcontroller()
    {
        StackLimits limits = new StackLimits();
        limits.MaxTcpSockets = 6;
        limits.MaxTcpListeners = 2;
        limits.MaxUdpSockets = 4;
        limits.MaxAddresses = 2;
        limits.TcpSendBytes = 4096;
        limits.TcpReceiveBytes = 4096;
        limits.BufferBytes = 24 * 1024;
        limits.UdpQueueBytes = 2048;
        limits.DatagramQueuePackets = 2;
        limits.ReplyQueuePackets = 2;
        return limits;
    }
}
