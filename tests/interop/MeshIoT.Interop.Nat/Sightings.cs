using System;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Threading;

namespace MeshIoT.Interop.Nat;

/// <summary>
/// Listens on the interface by which a host meets its network for WireGuard data (message type 4, with something inside) that comes
/// by UDP from a peer's public address: the proof of a direct path, whatever the nodes say.
/// </summary>
sealed unsafe class Sightings : IDisposable
{
    const int TransportHeader = 16, Tag = 16;

    readonly int descriptor;
    readonly UInt128 peer4, peer6;
    long first, last, count;
    volatile bool done;

    /// <summary>Listens from now on.</summary>
    public Sightings(Site host, Site peer)
    {
        peer4 = peer.Public4 is null ? UInt128.MaxValue : Number(peer.Public4);
        peer6 = peer.Public6 is null ? UInt128.MaxValue : Number(peer.Public6);
        descriptor = InNamespace.Run(host.Namespace, () =>
        {
            int made = Native.Check(Native.Socket(Native.FamilyPacket, Native.KindDatagram | Native.CloseOnExecSocket, Native.AllProtocolsBigEndian), "packet socket");
            // Receives time out, so that the thread notices its end.
            long* time = stackalloc long[2];
            time[0] = 0;
            time[1] = 100_000;
            _ = Native.SetOption(made, 1, 20, time, 16);
            return made;
        });
        new Thread(Listen) { IsBackground = true, Name = "sightings" }.Start();
    }

    /// <summary>Stopwatch ticks of the first and the last sighting; 0 before there was any.</summary>
    public long First => Interlocked.Read(ref first);

    /// <inheritdoc cref="First"/>
    public long Last => Interlocked.Read(ref last);

    /// <summary>How many.</summary>
    public long Count => Interlocked.Read(ref count);

    /// <summary>Counts as if nothing had been seen yet.</summary>
    public void Forget() => Interlocked.Exchange(ref first, 0);

    /// <inheritdoc/>
    public void Dispose() => done = true;

    void Listen()
    {
        byte[] buffer = new byte[128];
        byte* address = stackalloc byte[20];
        while (!done)
        {
            int addressLength = 20;
            nint length;
            fixed (byte* data = buffer)
            {
                length = Native.ReceiveFrom(descriptor, data, (nuint)buffer.Length, 0x20 /* MSG_TRUNC: the whole length */, address, &addressLength);
            }

            // sockaddr_ll: the eleventh byte says whether the packet was on its way out.
            if (length > 28 && address[10] != Native.Outgoing && IsData(buffer, (int)length))
            {
                long now = Stopwatch.GetTimestamp();
                Interlocked.CompareExchange(ref first, now, 0);
                Interlocked.Exchange(ref last, now);
                Interlocked.Increment(ref count);
            }
        }

        _ = Native.Close(descriptor);
    }

    bool IsData(ReadOnlySpan<byte> packet, int length)
    {
        int udp;
        UInt128 from;
        if (packet[0] >> 4 == 4)
        {
            udp = (packet[0] & 15) * 4;
            from = 0xffff_0000_0000UL | BinaryPrimitives.ReadUInt32BigEndian(packet[12..]);
            if (packet[9] != 17 || from != peer4)
            {
                return false;
            }
        }
        else
        {
            udp = 40;
            from = BinaryPrimitives.ReadUInt128BigEndian(packet[8..]);
            if (packet[6] != 17 || from != peer6)
            {
                return false;
            }
        }

        int payload = length - udp - 8;
        return payload > TransportHeader + Tag && packet.Length >= udp + 12 && BinaryPrimitives.ReadUInt32LittleEndian(packet[(udp + 8)..]) == 4;
    }

    static UInt128 Number(IPAddress address) => BinaryPrimitives.ReadUInt128BigEndian(address.MapToIPv6().GetAddressBytes());
}
