using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Mqtt.Tests.Broker;

/// <summary>A client that sends whatever bytes it likes.</summary>
internal sealed class RawClient : IDisposable
{
    readonly Socket socket;

    RawClient(Socket socket) => this.socket = socket;

    public Socket Socket => socket;

    public static async Task<RawClient> ConnectAsync(IPEndPoint at)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(at);
        return new RawClient(socket);
    }

    public static byte[] Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return [(byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];
    }

    public static byte[] Packet(byte header, params byte[][] parts)
    {
        int length = parts.Sum(p => p.Length);
        List<byte> bytes = [header];
        do
        {
            bytes.Add((byte)((length & 0x7F) | (length > 127 ? 0x80 : 0)));
            length >>= 7;
        }
        while (length > 0);
        foreach (byte[] part in parts)
        {
            bytes.AddRange(part);
        }

        return [.. bytes];
    }

    /// <summary>CONNECT of MQTT 3.1.1 (level 4) or 5.</summary>
    public static byte[] Connect(string id, byte level = 4, byte flags = 2, ushort keepAlive = 0, params byte[][] payload) => Packet(
        0x10, [Text("MQTT"), [level, flags, (byte)(keepAlive >> 8), (byte)keepAlive], level == 5 ? [0] : [], Text(id), .. payload]);

    public static byte[] Publish(string topic, byte[] payload, int qos = 0, ushort id = 1, byte flags = 0, bool v5 = false) => Packet(
        (byte)(0x30 | flags | (qos << 1)), Text(topic), qos > 0 ? [(byte)(id >> 8), (byte)id] : [], v5 ? [0] : [], payload);

    public static byte[] Subscribe(string filter, byte qos = 0, ushort id = 1, bool v5 = false) => Packet(
        0x82, [(byte)(id >> 8), (byte)id], v5 ? [0] : [], Text(filter), [qos]);

    public Task SendAsync(params byte[] bytes) => socket.SendAsync(bytes).WaitAsync(RunningBroker.Patience);

    /// <summary>The next packet: its header and what follows; null when the other side closed.</summary>
    public async Task<(byte Header, byte[] Body)?> ReadAsync()
    {
        using CancellationTokenSource limit = new(RunningBroker.Patience);
        try
        {
            byte[] one = new byte[1];
            if (await socket.ReceiveAsync(one, limit.Token) == 0)
            {
                return null;
            }

            byte header = one[0];
            int length = 0, shift = 0;
            do
            {
                if (await socket.ReceiveAsync(one, limit.Token) == 0)
                {
                    return null;
                }

                length |= (one[0] & 0x7F) << shift;
                shift += 7;
            }
            while ((one[0] & 0x80) != 0);
            byte[] body = new byte[length];
            for (int got = 0; got < length;)
            {
                int now = await socket.ReceiveAsync(body.AsMemory(got), limit.Token);
                if (now == 0)
                {
                    return null;
                }

                got += now;
            }

            return (header, body);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>Connects and expects to be let in.</summary>
    public async Task EnterAsync(byte[] connect)
    {
        await SendAsync(connect);
        (byte Header, byte[] Body)? answer = await ReadAsync();
        if (answer is not { Header: 0x20 } accepted || accepted.Body[1] != 0)
        {
            throw new InvalidOperationException("not let in: " + (answer is { } a ? Convert.ToHexString(a.Body) : "closed"));
        }
    }

    /// <summary>Reads until the other side closes; the last packet, or null.</summary>
    public async Task<(byte Header, byte[] Body)?> LastAsync()
    {
        (byte Header, byte[] Body)? last = null;
        while (await ReadAsync() is { } packet)
        {
            last = packet;
        }

        return last;
    }

    public void Dispose() => socket.Dispose();
}
