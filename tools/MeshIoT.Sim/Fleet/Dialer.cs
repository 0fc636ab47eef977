using System;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Control;
using MeshIoT.Crypto;

namespace MeshIoT.Sim;

/// <summary>Opens connections as nodes do: TCP, the upgrade, the Noise handshake. control-plane.md section 3.</summary>
internal sealed class Dialer(IPEndPoint server, MachinePublicKey serverKey)
{
    const int HeadSize = 4096;

    readonly SodiumSuite suite = new();
    readonly SystemRandomSource random = new();

    /// <summary>A connection from <paramref name="source"/>, decrypted.</summary>
    /// <exception cref="IOException">It could not be had.</exception>
    public async Task<NoiseStream> DialAsync(IPAddress source, MachinePrivateKey machine, CancellationToken ct)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(source, 0));
            await socket.ConnectAsync(server, ct).ConfigureAwait(false);
            return await HandshakeAsync(new NetworkStream(socket, ownsSocket: true), machine, ct).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException(e.SocketErrorCode.ToString(), e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    async Task<NoiseStream> HandshakeAsync(NetworkStream transport, MachinePrivateKey machine, CancellationToken ct)
    {
        using Ts2021Initiator initiator = Ts2021Initiator.Create(suite, random, machine, serverKey, SimNode.CapabilityVersion);
        string request = $"POST {Ts2021.Path} HTTP/1.1\r\nHost: {server}\r\nConnection: upgrade\r\nUpgrade: {Ts2021.UpgradeProtocol}\r\n"
            + $"{Ts2021.HandshakeHeader}: {Convert.ToBase64String(initiator.Initiation)}\r\nContent-Length: 0\r\n\r\n";
        await transport.WriteAsync(Encoding.ASCII.GetBytes(request), ct).ConfigureAwait(false);
        byte[] buffer = new byte[HeadSize];
        int filled = 0, end;
        while ((end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            filled += await ReadAsync(transport, buffer.AsMemory(filled), ct).ConfigureAwait(false);
        }

        string head = Encoding.ASCII.GetString(buffer, 0, end);
        if (!head.StartsWith("HTTP/1.1 101", StringComparison.Ordinal))
        {
            throw Refusal(head);
        }

        end += 4;
        while (true)
        {
            NoiseFault? fault = initiator.TryFinish(buffer.AsSpan(end, filled - end), out NoiseRecords? records, out int consumed);
            if (fault == NoiseFault.None)
            {
                return new NoiseStream(transport, records!, buffer.AsSpan(end + consumed, filled - end - consumed), expectEarlyPayload: true);
            }

            filled += fault is null
                ? await ReadAsync(transport, buffer.AsMemory(filled), ct).ConfigureAwait(false)
                : throw new IOException("the handshake failed: " + fault);
        }
    }

    static async Task<int> ReadAsync(NetworkStream transport, Memory<byte> buffer, CancellationToken ct)
    {
        int count = buffer.Length == 0 ? 0 : await transport.ReadAsync(buffer, ct).ConfigureAwait(false);
        return count > 0 ? count : throw new IOException("closed during the handshake");
    }

    static TurnedAwayException Refusal(string head)
    {
        int status = 0, retryAfter = 0;
        foreach (ReadOnlySpan<char> line in head.AsSpan().EnumerateLines())
        {
            if (line.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) && line.Length >= 12)
            {
                _ = int.TryParse(line[9..12], NumberStyles.None, CultureInfo.InvariantCulture, out status);
            }
            else if (line.StartsWith("Retry-After:", StringComparison.OrdinalIgnoreCase))
            {
                _ = int.TryParse(line[12..], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out retryAfter);
            }
        }

        return new TurnedAwayException(status, retryAfter, "upgrade");
    }
}
