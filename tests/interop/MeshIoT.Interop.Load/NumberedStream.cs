using System;
using System.Buffers.Binary;
using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace MeshIoT.Interop.Load;

/// <summary>Numbered datagrams at a steady pace, and what became of them.</summary>
static class NumberedStream
{
    const int Most = 50_000_000, Buffer = 8 << 20;

    /// <summary>Sends until time is over; what the kernel refuses is counted and not sent again.</summary>
    public static int Send(IPEndPoint to, int size, double perSecond, double seconds)
    {
        using Socket socket = new(to.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.SendBufferSize = Buffer;
        byte[] datagram = new byte[Math.Max(8, size)];
        SocketAddress address = to.Serialize();
        long number = 0, refused = 0, start = Stopwatch.GetTimestamp();
        for (double now = 0; now < seconds; now = Stopwatch.GetElapsedTime(start).TotalSeconds)
        {
            // Those that are due, a few at a time.
            long due = perSecond <= 0 ? number + 32 : (long)(now * perSecond) + 1;
            for (; number < due; number++)
            {
                BinaryPrimitives.WriteInt64LittleEndian(datagram, number);
                try
                {
                    socket.SendTo(datagram, SocketFlags.None, address);
                }
                catch (SocketException)
                {
                    refused++;
                }
            }

            if (perSecond > 0)
            {
                Thread.Sleep(1);
            }
        }

        Console.WriteLine($"{{\"sent\":{number},\"refused\":{refused}}}");
        return 0;
    }

    /// <summary>Receives until nothing comes for so many seconds: how many came, came twice, never came; the longest silence, and how much fell in silences of 50 ms and more.</summary>
    public static int Receive(IPEndPoint at, double idle)
    {
        using Socket socket = new(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.ReceiveBufferSize = Buffer;
        socket.Bind(at);
        Console.Error.WriteLine("ready");
        BitArray seen = new(Most);
        byte[] datagram = new byte[65_536];
        long received = 0, twice = 0, last = -1, inSilence = 0, previous = 0;
        double longest = 0;
        while (true)
        {
            // Before the first one there is more time.
            if (!socket.Poll(TimeSpan.FromSeconds(last < 0 ? Math.Max(idle, 30) : idle), SelectMode.SelectRead))
            {
                break;
            }

            int length = socket.Receive(datagram);
            long number = length >= 8 ? BinaryPrimitives.ReadInt64LittleEndian(datagram) : -1;
            if (number is < 0 or >= Most)
            {
                continue;
            }

            if (seen[(int)number])
            {
                twice++;
                continue;
            }

            long now = Stopwatch.GetTimestamp();
            double silence = last < 0 ? 0 : Stopwatch.GetElapsedTime(previous, now).TotalMilliseconds;
            longest = Math.Max(longest, silence);
            if (silence >= 50 && number > last)
            {
                inSilence += number - last - 1;
            }

            seen[(int)number] = true;
            received++;
            last = Math.Max(last, number);
            previous = now;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"received\":{received},\"lost\":{last + 1 - received},\"lost_in_silence\":{inSilence},\"twice\":{twice},\"longest_silence_ms\":{longest:F0}}}"));
        return 0;
    }
}
