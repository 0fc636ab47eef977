using System;
using System.Collections.Concurrent;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Alerts.Tests;

/// <summary>A web server that takes posts on loopback and answers with a status of the test's choice. One request a connection.</summary>
sealed class HookServer : IDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public HookServer()
    {
        listener.Start();
        _ = AcceptAsync();
    }

    public BlockingCollection<(string Head, string Body)> Received { get; } = [];

    public volatile int Status = 200;

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/secret-path?token=secret");

    public void Dispose() => listener.Stop();

    async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await listener.AcceptTcpClientAsync();
                await AnswerAsync(client.GetStream());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }

    async Task AnswerAsync(NetworkStream stream)
    {
        StringBuilder text = new();
        byte[] buffer = new byte[4096];
        int end;
        while ((end = text.ToString().IndexOf("\r\n\r\n", StringComparison.Ordinal)) < 0 || text.Length < end + 4 + Length(text.ToString(0, end)))
        {
            int n = await stream.ReadAsync(buffer);
            if (n == 0)
            {
                return;
            }

            text.Append(Encoding.Latin1.GetString(buffer, 0, n));
        }

        string whole = text.ToString();
        Received.Add((whole[..end], Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(whole[(end + 4)..]))));
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {Status} x\r\nContent-Length: 0\r\nLocation: http://127.0.0.1:1/\r\nConnection: close\r\n\r\n"));
    }

    static int Length(string head)
    {
        foreach (string line in head.Split("\r\n"))
        {
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            {
                return int.Parse(line.AsSpan(15));
            }
        }

        return 0;
    }
}
