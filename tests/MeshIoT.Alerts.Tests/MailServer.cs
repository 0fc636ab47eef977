using System;
using System.Collections.Concurrent;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;

namespace MeshIoT.Alerts.Tests;

/// <summary>A mail server on loopback that takes everything (RFC 5321), without TLS.</summary>
sealed class MailServer : IDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public MailServer()
    {
        listener.Start();
        _ = AcceptAsync();
    }

    public BlockingCollection<string> Received { get; } = [];

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public void Dispose() => listener.Stop();

    async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await listener.AcceptTcpClientAsync();
                await ServeAsync(client.GetStream());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }

    async Task ServeAsync(NetworkStream stream)
    {
        using StreamReader reader = new(stream, Encoding.UTF8);
        async Task SayAsync(string line) => await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"));
        await SayAsync("220 test");
        StringBuilder mail = new();
        while (await reader.ReadLineAsync() is { } line)
        {
            mail.AppendLine(line);
            if (line.StartsWith("EHLO", StringComparison.Ordinal))
            {
                await SayAsync("250-test\r\n250 AUTH LOGIN");
            }
            else if (line == "DATA")
            {
                await SayAsync("354 go on");
                while (await reader.ReadLineAsync() is { } part && part != ".")
                {
                    mail.AppendLine(part);
                }

                Received.Add(mail.ToString());
                await SayAsync("250 taken");
            }
            else if (line == "QUIT")
            {
                await SayAsync("221 bye");
                return;
            }
            else
            {
                await SayAsync(line.StartsWith("AUTH", StringComparison.Ordinal) ? "334 UGFzc3dvcmQ6" : mail.ToString().Contains("AUTH", StringComparison.Ordinal) && !line.Contains(':') ? "235 in" : "250 fine");
            }
        }
    }
}
