using System;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MeshIoT.Crypto;

namespace MeshIoT.Interop.Load;

/// <summary>
/// What somebody on the way may send to a WireGuard port, one after the other without a pause: random bytes, data that was overheard once more,
/// data with the right receiver index and a wrong tag, initiations with a right first MAC, and responses and cookies for the index.
/// WireGuard paper, section 5.4.
/// </summary>
sealed class Attack(IPEndPoint to, byte[] nodeKey)
{
    const int Together = 64;

    readonly byte[] macKey = MacKey(nodeKey);
    readonly byte[] bytes = new byte[1500];
    long random, forged, replayed, initiations, responses, refused;

    /// <summary>Which, as digits: 0 noise, 1 recordings, 2 forgeries, 3 initiations, 4 responses and cookies.</summary>
    public string Kinds { get; init; } = "01234";

    /// <summary>Attacks for so many seconds. 1 when nothing was overheard: then half of the attack did not take place.</summary>
    public int Run(double seconds)
    {
        using Socket socket = new(to.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(to);
        using Overhearing wire = new(to, ((IPEndPoint)socket.LocalEndPoint!).Address);
        long start = Stopwatch.GetTimestamp(), turn = 0;
        bool overheard = false;
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
        {
            overheard |= wire.Listen();
            for (int i = 0; i < Together; i++)
            {
                Send(socket, Next(Kinds[(int)(turn++ % Kinds.Length)] - '0', wire.Last));
            }
        }

        Console.WriteLine(
            $"{{\"random\":{random},\"forged\":{forged},\"replayed\":{replayed},\"initiations\":{initiations},\"responses\":{responses},\"refused\":{refused}}}");
        return overheard ? 0 : 1;
    }

    int Next(int kind, ReadOnlySpan<byte> overheard)
    {
        switch (kind)
        {
            case 1 when overheard.Length > 0:
                replayed++;
                overheard.CopyTo(bytes);
                return overheard.Length;
            case 2 when overheard.Length > 0:
                // A counter ahead of all: it is taken for new, and its tag is what gives it away.
                forged++;
                overheard.CopyTo(bytes);
                BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), BinaryPrimitives.ReadInt64LittleEndian(overheard[8..]) + Random.Shared.Next(1, 1 << 20));
                return overheard.Length;
            case 3:
                initiations++;
                Begin(1, 148, overheard);
                Blake2s mac = new(16, macKey);
                mac.Update(bytes, 0, 116);
                mac.Finish(bytes, 116);
                bytes.AsSpan(132, 16).Clear();
                return 148;
            case 4:
                responses++;
                bool cookie = (responses & 1) != 0;
                Begin(cookie ? (byte)3 : (byte)2, cookie ? 64 : 92, overheard);
                return cookie ? 64 : 92;
            default:
                random++;
                int length = Random.Shared.Next(0, bytes.Length);
                Random.Shared.NextBytes(bytes.AsSpan(0, length));
                return length;
        }
    }

    void Begin(byte type, int length, ReadOnlySpan<byte> overheard)
    {
        Random.Shared.NextBytes(bytes.AsSpan(0, length));
        BinaryPrimitives.WriteInt32LittleEndian(bytes, type);
        if (type != 1 && overheard.Length > 0)
        {
            overheard.Slice(4, 4).CopyTo(bytes.AsSpan(type == 2 ? 8 : 4));
        }
    }

    void Send(Socket socket, int length)
    {
        try
        {
            socket.Send(bytes.AsSpan(0, length));
        }
        catch (SocketException)
        {
            refused++;
        }
    }

    static byte[] MacKey(byte[] nodeKey)
    {
        byte[] label = [.. "mac1----"u8, .. nodeKey], key = new byte[32];
        Blake2s.Hash(label, 0, label.Length, key, 0);
        return key;
    }
}
