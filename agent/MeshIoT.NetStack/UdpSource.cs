using System;

namespace MeshIoT.NetStack;

/// <summary>Where a datagram came from and which of our addresses it was sent to. Reused from datagram to datagram, so that receiving allocates nothing.</summary>
public sealed class UdpSource
{
    readonly byte[] address4 = new byte[4], local4 = new byte[4];
    readonly byte[] address16 = new byte[16], local16 = new byte[16];
    bool isIPv6;

    /// <summary>The sender's address, 4 or 16 bytes; overwritten by the next receive.</summary>
    public byte[] Address
    {
        get { return isIPv6 ? address16 : address4; }
    }

    /// <summary>The sender's port.</summary>
    public int Port { get; private set; }

    /// <summary>The address the datagram was sent to, 4 or 16 bytes; overwritten by the next receive.</summary>
    public byte[] LocalAddress
    {
        get { return isIPv6 ? local16 : local4; }
    }

    /// <summary>The datagram's whole length, which may be more than the buffer took.</summary>
    public int DatagramLength { get; private set; }

    internal void Set(bool ipv6, byte[] header, int addressAt, int localAt, int port, int length)
    {
        isIPv6 = ipv6;
        Port = port;
        DatagramLength = length;
        int size = ipv6 ? 16 : 4;
        Array.Copy(header, addressAt, Address, 0, size);
        Array.Copy(header, localAt, LocalAddress, 0, size);
    }
}
