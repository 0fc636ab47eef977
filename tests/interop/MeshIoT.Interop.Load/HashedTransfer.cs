using System;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading;

namespace MeshIoT.Interop.Load;

/// <summary>Random bytes over one TCP connection, and their hash at both ends.</summary>
static class HashedTransfer
{
    const int Piece = 64 * 1024, PatienceMs = 120_000;

    /// <summary>Takes one connection until its end.</summary>
    public static int Receive(IPEndPoint at)
    {
        using Socket listener = new(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(at);
        listener.Listen(1);
        Console.Error.WriteLine("ready");
        using Socket socket = listener.Accept();
        socket.ReceiveTimeout = PatienceMs;
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[Piece];
        long bytes = 0;
        try
        {
            for (int count = socket.Receive(buffer); count > 0; count = socket.Receive(buffer))
            {
                hash.AppendData(buffer, 0, count);
                bytes += count;
            }

            // The sender knows by this that all has come.
            socket.Send("k"u8);
        }
        catch (SocketException e)
        {
            Console.Error.WriteLine(e.Message);
        }

        Tell(bytes, hash);
        return 0;
    }

    /// <summary>Sends so many bytes, at a rate in Mbit/s or, with 0, as fast as it goes, and waits until all have come.</summary>
    public static int Send(IPEndPoint to, long bytes, double mbit)
    {
        using Socket socket = new(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.SendTimeout = socket.ReceiveTimeout = PatienceMs;
        socket.Connect(to);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[Piece];
        long sent = 0, start = Stopwatch.GetTimestamp();
        while (sent < bytes)
        {
            int count = (int)Math.Min(Piece, bytes - sent);
            Random.Shared.NextBytes(buffer.AsSpan(0, count));
            hash.AppendData(buffer, 0, count);
            for (int done = 0; done < count;)
            {
                done += socket.Send(buffer, done, count - done, SocketFlags.None);
            }

            sent += count;
            double ahead = mbit <= 0 ? 0 : (sent * 8 / (mbit * 1e6)) - Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (ahead > 0.001)
            {
                Thread.Sleep(TimeSpan.FromSeconds(ahead));
            }
        }

        socket.Shutdown(SocketShutdown.Send);
        bool isThere = socket.Receive(buffer) == 1;
        Tell(sent, hash);
        return isThere ? 0 : 1;
    }

    static void Tell(long bytes, IncrementalHash hash) =>
        Console.WriteLine($"{{\"bytes\":{bytes},\"sha256\":\"{Convert.ToHexStringLower(hash.GetHashAndReset())}\"}}");
}
