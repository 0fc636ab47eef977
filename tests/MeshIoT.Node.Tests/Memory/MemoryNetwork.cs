using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace MeshIoT.Node.Tests.Memory;

/// <summary>
/// A few networks in memory on the test's clock. A port has one endpoint on each network it is on; what it sends leaves from that on the network of
/// the destination. What is sent to an endpoint that nobody has (any more, when it would arrive), or over a network that is cut, is lost, and counted:
/// whoever loses more than that has lost it himself.
/// </summary>
sealed class MemoryNetwork
{
    /// <summary>WireGuard's transport messages: 32 bytes are a keepalive, longer ones carry something. WireGuard paper, section 5.4.6.</summary>
    const int Transport = 4, Keepalive = 32;

    readonly Dictionary<(UInt128 Address, ushort Port), MemoryPort> ports = [];
    readonly PriorityQueue<Datagram, (long DueMs, long Number)> flight = new();
    readonly HashSet<byte> cut = [];
    readonly long[] delayMs = new long[256];
    long number;

    public long NowMs { get; private set; } = 1_000_000;

    /// <summary>Data messages that the network lost.</summary>
    public long LostData { get; private set; }

    /// <summary>One way over a network; 0 unless set. The network is the address's third last byte.</summary>
    public void SetDelay(byte network, long ms) => delayMs[network] = ms;

    /// <summary>Nothing gets over this network, or it does again.</summary>
    public void Cut(byte network, bool isCut)
    {
        if (isCut)
        {
            cut.Add(network);
        }
        else
        {
            cut.Remove(network);
        }
    }

    public void Attach(MemoryPort port, byte[] endpoint18) => ports.Add(Key(endpoint18), port);

    public void Detach(byte[] endpoint18) => ports.Remove(Key(endpoint18));

    /// <summary>Moves the clock, and what is due to its port.</summary>
    public void Advance(long ms)
    {
        NowMs += ms;
        Deliver();
    }

    public void Carry(ReadOnlySpan<byte> bytes, byte[] from18, ReadOnlySpan<byte> to18)
    {
        flight.Enqueue(new Datagram(bytes.ToArray(), from18, to18.ToArray()), (NowMs + delayMs[NetworkOf(to18)], number++));
        Deliver();
    }

    public void Lose(ReadOnlySpan<byte> bytes) => LostData += bytes.Length > Keepalive && BinaryPrimitives.ReadInt32LittleEndian(bytes) == Transport ? 1 : 0;

    public static byte NetworkOf(ReadOnlySpan<byte> endpoint18) => endpoint18[13];

    void Deliver()
    {
        while (flight.TryPeek(out Datagram datagram, out (long DueMs, long Number) first) && first.DueMs <= NowMs)
        {
            flight.Dequeue();
            if (!cut.Contains(NetworkOf(datagram.To)) && ports.TryGetValue(Key(datagram.To), out MemoryPort? port))
            {
                port.Arrive(datagram.Bytes, datagram.From);
            }
            else
            {
                Lose(datagram.Bytes);
            }
        }
    }

    static (UInt128 Address, ushort Port) Key(ReadOnlySpan<byte> endpoint18) =>
        (BinaryPrimitives.ReadUInt128BigEndian(endpoint18), BinaryPrimitives.ReadUInt16BigEndian(endpoint18[16..]));

    readonly record struct Datagram(byte[] Bytes, byte[] From, byte[] To);
}
