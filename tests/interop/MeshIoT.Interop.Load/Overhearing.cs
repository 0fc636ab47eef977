using System;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace MeshIoT.Interop.Load;

/// <summary>The newest transport message for an endpoint that passed this namespace. packet(7); needs root. IPv4 only.</summary>
sealed class Overhearing : IDisposable
{
    const int AllProtocolsBigEndian = 0x0300, AtATime = 64;

    readonly Socket socket = new(AddressFamily.Packet, SocketType.Dgram, (ProtocolType)AllProtocolsBigEndian) { Blocking = false };
    readonly byte[] packet = new byte[70_000], last = new byte[1500];
    readonly byte[] address, own;
    readonly int port;
    int length;

    /// <param name="to">Whose messages.</param>
    /// <param name="own">Where the listener's own ones come from, which do not count.</param>
    public Overhearing(IPEndPoint to, IPAddress own) => (address, port, this.own) = (to.Address.GetAddressBytes(), to.Port, own.GetAddressBytes());

    /// <summary>The message; empty before the first one.</summary>
    public ReadOnlySpan<byte> Last => last.AsSpan(0, length);

    /// <summary>Takes note of what passed; true when there was such a message.</summary>
    public bool Listen()
    {
        bool any = false;
        for (int i = 0; i < AtATime && socket.Poll(0, SelectMode.SelectRead); i++)
        {
            any |= Take(packet.AsSpan(0, socket.Receive(packet, SocketFlags.None)));
        }

        return any;
    }

    public void Dispose() => socket.Dispose();

    bool Take(ReadOnlySpan<byte> ip)
    {
        if (ip.Length < 28 || ip[0] != 0x45 || ip[9] != 17 || !ip[16..20].SequenceEqual(address) || ip[12..16].SequenceEqual(own)
            || BinaryPrimitives.ReadUInt16BigEndian(ip[22..]) != port)
        {
            return false;
        }

        ReadOnlySpan<byte> message = ip[28..];
        if (message.Length < 48 || BinaryPrimitives.ReadInt32LittleEndian(message) != 4)
        {
            return false;
        }

        // The kernel may not have cut a group yet: the next message begins with the same eight bytes.
        int next = message[32..].IndexOf(message[..8]);
        message = next < 0 ? message : message[..(32 + next)];
        if (message.Length > last.Length)
        {
            return false;
        }

        message.CopyTo(last);
        length = message.Length;
        return true;
    }
}
