using System;
using System.Globalization;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.NetStack;

namespace MeshIoT.Interop;

/// <summary>
/// Just enough HTTP/1.1 for curl, one request per connection: GET /file, POST /upload (answers with its SHA-256),
/// POST /loss/PERCENT, GET /counters.
/// </summary>
internal sealed class HttpResponder(StackHost host, string file)
{
    readonly byte[] content = File.ReadAllBytes(file);

    public async Task HandleAsync(StackStream stream, CancellationToken stop)
    {
        byte[] buffer = new byte[16384];
        int filled = 0, end;
        while ((end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            byte[] part = new byte[buffer.Length - filled];
            int got = await stream.ReadAsync(part, stop);
            if (got == 0)
            {
                return;
            }

            part.AsSpan(0, got).CopyTo(buffer.AsSpan(filled));
            filled += got;
        }

        string[] lines = Encoding.ASCII.GetString(buffer, 0, end).Split("\r\n");
        string path = lines[0].Split(' ')[1];
        if (path == "/file")
        {
            await RespondAsync(stream, content, stop);
        }
        else if (path == "/upload")
        {
            string hash = await HashBodyAsync(stream, lines, buffer.AsMemory(end + 4, filled - end - 4), stop);
            await RespondAsync(stream, Encoding.ASCII.GetBytes(hash), stop);
        }
        else
        {
            await RespondAsync(stream, Encoding.ASCII.GetBytes(Control(path)), stop);
        }

        stream.CloseWrite();
        while (await stream.ReadAsync(buffer, stop) > 0)
        {
        }
    }

    static async Task RespondAsync(StackStream stream, byte[] body, CancellationToken stop)
    {
        byte[] head = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n");
        await stream.WriteAsync(head, head.Length, stop);
        await stream.WriteAsync(body, body.Length, stop);
    }

    static async Task<string> HashBodyAsync(StackStream stream, string[] headers, ReadOnlyMemory<byte> first, CancellationToken stop)
    {
        string length = Array.Find(headers, h => h.StartsWith("content-length:", StringComparison.OrdinalIgnoreCase)) ?? "content-length:0";
        long left = long.Parse(length.AsSpan(length.IndexOf(':') + 1), CultureInfo.InvariantCulture) - first.Length;
        if (Array.Exists(headers, h => h.Equals("expect: 100-continue", StringComparison.OrdinalIgnoreCase)))
        {
            byte[] go = Encoding.ASCII.GetBytes("HTTP/1.1 100 Continue\r\n\r\n");
            await stream.WriteAsync(go, go.Length, stop);
        }

        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(first.Span);
        byte[] buffer = new byte[65536];
        int got;
        while (left > 0 && (got = await stream.ReadAsync(buffer, stop)) > 0)
        {
            hash.AppendData(buffer, 0, got);
            left -= got;
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    string Control(string path)
    {
        lock (host.Gate)
        {
            if (path.StartsWith("/loss/", StringComparison.Ordinal))
            {
                host.Loss = double.Parse(path.AsSpan(6), CultureInfo.InvariantCulture) / 100;
            }

            StringBuilder text = new();
            text.Append(CultureInfo.InvariantCulture, $"in {host.Stack.PacketsReceived} out {host.Stack.PacketsSent} retransmitted {host.Stack.TcpRetransmissions} lost {host.Lost} sockets {host.Stack.TcpSocketCount}");
            foreach (DropReason reason in Enum.GetValues<DropReason>())
            {
                if (host.Stack.DropCount(reason) > 0)
                {
                    text.Append(CultureInfo.InvariantCulture, $" {reason} {host.Stack.DropCount(reason)}");
                }
            }

            return text.Append('\n').ToString();
        }
    }
}
