using System;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace MeshIoT.Node.Tests.Network;

/// <summary>A router on a loopback address of its own: NAT-PMP on UDP 5351, or UPnP on UDP 1900 and a TCP port.</summary>
sealed class LoopbackRouter : IDisposable
{
    readonly Socket udp;
    readonly TcpListener? http;

    public LoopbackRouter(string address, bool upnp)
    {
        Address = IPAddress.Parse(address);
        udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        udp.Bind(new IPEndPoint(Address, upnp ? 1900 : 5351));
        _ = upnp ? AnswerSearchesAsync() : AnswerNatPmpAsync();
        if (upnp)
        {
            http = new TcpListener(Address, 0);
            http.Start();
            _ = ServeAsync();
        }
    }

    public IPAddress Address { get; }

    public string External { get; set; } = "45.66.77.88";

    /// <summary>External port to lifetime in seconds.</summary>
    public ConcurrentDictionary<int, uint> Table { get; } = new();

    /// <summary>A body instead of the description.</summary>
    public byte[]? Description { get; set; }

    /// <summary>Where the answer to a request for the description sends us.</summary>
    public string? Redirect { get; set; }

    public ConcurrentQueue<string> Requests { get; } = new();

    uint Epoch => (uint)(Environment.TickCount64 / 1000);

    public void Dispose()
    {
        udp.Dispose();
        http?.Dispose();
    }

    async Task AnswerNatPmpAsync()
    {
        byte[] q = new byte[64];
        while (await ReceiveAsync(q) is var (length, from) && length > 0)
        {
            if (q[0] != 0)
            {
                continue;
            }

            byte[] a = new byte[length == 2 ? 12 : 16];
            a[1] = (byte)(0x80 | q[1]);
            BinaryPrimitives.WriteUInt32BigEndian(a.AsSpan(4), Epoch);
            if (length == 2)
            {
                IPAddress.Parse(External).TryWriteBytes(a.AsSpan(8), out _);
            }
            else
            {
                q.AsSpan(4, 8).CopyTo(a.AsSpan(8));
                uint lifetime = BinaryPrimitives.ReadUInt32BigEndian(q.AsSpan(8));
                int external = lifetime == 0 ? BinaryPrimitives.ReadUInt16BigEndian(q.AsSpan(4)) : BinaryPrimitives.ReadUInt16BigEndian(q.AsSpan(6));
                _ = lifetime == 0 ? Table.TryRemove(external, out _) : Table.TryAdd(external, lifetime);
            }

            await udp.SendToAsync(a, from!);
        }
    }

    async Task AnswerSearchesAsync()
    {
        byte[] q = new byte[1024];
        while (await ReceiveAsync(q) is var (length, from) && length > 0)
        {
            await udp.SendToAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nST: ssdp:all\r\nLOCATION: http://{http!.LocalEndpoint}/d.xml\r\n\r\n"), from!);
        }
    }

    async Task<(int Length, EndPoint? From)> ReceiveAsync(byte[] buffer)
    {
        try
        {
            SocketReceiveFromResult got = await udp.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
            return (got.ReceivedBytes, got.RemoteEndPoint);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return (-1, null);
        }
    }

    async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await http!.AcceptTcpClientAsync();
                try
                {
                    await AnswerAsync(client.GetStream());
                }
                catch (System.IO.IOException)
                {
                    // Whoever asked had enough.
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Over.
        }
    }

    async Task AnswerAsync(NetworkStream stream)
    {
        byte[] buffer = new byte[8192];
        int length = 0;
        string q = string.Empty;
        while (!IsWhole(q))
        {
            int read = await stream.ReadAsync(buffer.AsMemory(length));
            if (read == 0)
            {
                return;
            }

            length += read;
            q = Encoding.ASCII.GetString(buffer, 0, length);
        }

        Requests.Enqueue(q);
        byte[] body = Answer(q);
        string head = Redirect is { } to && q.StartsWith("GET", StringComparison.Ordinal) ? $"302 Found\r\nLocation: {to}" : "200 OK";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {head}\r\nContent-Length: {body.Length}\r\n\r\n"));
        await stream.WriteAsync(body);
    }

    byte[] Answer(string q)
    {
        if (q.StartsWith("GET", StringComparison.Ordinal))
        {
            return Description ?? "<root><service><serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType><controlURL>/c</controlURL></service></root>"u8.ToArray();
        }

        string action = Regex.Match(q, "SOAPAction: \"[^#]*#(\\w+)\"").Groups[1].Value;
        int external = int.TryParse(Regex.Match(q, "<NewExternalPort>(\\d+)<").Groups[1].Value, out int port) ? port : 0;
        switch (action)
        {
            case "AddPortMapping":
                Table[external] = uint.Parse(Regex.Match(q, "<NewLeaseDuration>(\\d+)<").Groups[1].Value);
                break;
            case "DeletePortMapping":
                Table.TryRemove(external, out _);
                break;
        }

        return Encoding.ASCII.GetBytes($"<e><{action}Response><NewExternalIPAddress>{External}</NewExternalIPAddress></{action}Response></e>");
    }

    static bool IsWhole(string q)
    {
        int end = q.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        Match wanted = Regex.Match(q, "Content-Length: (\\d+)");
        return end >= 0 && q.Length >= end + 4 + (wanted.Success ? int.Parse(wanted.Groups[1].Value) : 0);
    }
}
