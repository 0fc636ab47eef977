using System;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Web.Tests;

/// <summary>A reader of server-sent events on a bare connection, chunks and all.</summary>
internal sealed class EventReader : IAsyncDisposable
{
    readonly TcpClient client = new();
    readonly StringBuilder seen = new();
    readonly byte[] buffer = new byte[16 * 1024];

    public static async Task<EventReader> OpenAsync(int port, string path = "/api/v1/events", int receiveBuffer = 0)
    {
        EventReader reader = new();
        if (receiveBuffer > 0)
        {
            reader.client.ReceiveBufferSize = receiveBuffer;
        }

        await reader.client.ConnectAsync(IPAddress.Loopback, port);
        await reader.client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n"));
        return reader;
    }

    public string Seen => seen.ToString();

    /// <summary>Reads until <paramref name="text"/> has come so many times; false when the server ends before that.</summary>
    public async Task<bool> UntilAsync(string text, int times = 1)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
        while (Count(text) < times)
        {
            int n;
            try
            {
                n = await client.GetStream().ReadAsync(buffer, limit.Token);
            }
            catch (System.IO.IOException)
            {
                return false;
            }

            if (n == 0)
            {
                return false;
            }

            seen.Append(Encoding.UTF8.GetString(buffer, 0, n));
        }

        return true;
    }

    int Count(string text)
    {
        int count = 0;
        string all = Seen;
        for (int at = all.IndexOf(text, StringComparison.Ordinal); at >= 0; at = all.IndexOf(text, at + text.Length, StringComparison.Ordinal))
        {
            count++;
        }

        return count;
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return default;
    }
}
