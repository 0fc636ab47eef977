using System;
using System.Buffers.Binary;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using MeshIoT.Crypto;
using MeshIoT.Derp;
using Xunit;

namespace MeshIoT.Relay.Tests;

/// <summary>A client that does exactly what the test says, good or bad. Reads wait for a minute at the most.</summary>
internal sealed class ScriptedClient : IDisposable
{
    const int Patience = 60_000;

    readonly Socket socket;
    Stream stream;

    public ScriptedClient(IPEndPoint relay, int receiveBuffer = 0)
    {
        socket = new Socket(relay.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer > 0)
        {
            socket.ReceiveBufferSize = receiveBuffer;
        }

        socket.Connect(relay);
        socket.ReceiveTimeout = socket.SendTimeout = Patience;
        stream = new NetworkStream(socket, ownsSocket: true);
    }

    public NodePublicKey Key { get; private set; }

    /// <summary>The client's info as it went out.</summary>
    public byte[] Info { get; private set; } = [];

    public NodePublicKey RelayKey { get; private set; }

    /// <summary>TLS, without a look at the certificate but to remember its hash.</summary>
    public string Secure()
    {
        string hash = "";
        SslStream tls = new(stream);
        tls.AuthenticateAsClient(new SslClientAuthenticationOptions
        {
            TargetHost = "127.0.0.1",
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            {
                hash = Convert.ToHexStringLower(SHA256.HashData(certificate!.GetRawCertData()));
                return true;
            },
        });
        stream = tls;
        return hash;
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        stream.Flush();
    }

    public void Send(string text) => Send(Encoding.ASCII.GetBytes(text));

    /// <summary>A whole frame, or one that says another length than it has.</summary>
    public void SendFrame(FrameType type, ReadOnlySpan<byte> body, uint? length = null)
    {
        byte[] frame = new byte[DerpFrames.HeaderSize + body.Length];
        frame[0] = (byte)type;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), length ?? (uint)body.Length);
        body.CopyTo(frame.AsSpan(DerpFrames.HeaderSize));
        Send(frame);
    }

    public void SendPacket(NodePublicKey to, ReadOnlySpan<byte> packet)
    {
        byte[] frame = new byte[DerpFrames.PacketHeaderSize + packet.Length];
        PacketFrame.Write(frame, FrameType.SendPacket, to, packet);
        Send(frame);
    }

    /// <summary>Asks for DERP and reads the relay's key.</summary>
    public void Upgrade(string headers = "", bool fastStart = false)
    {
        Send($"GET /derp HTTP/1.1\r\nHost: relay\r\nUpgrade: DERP\r\nConnection: Upgrade\r\n{headers}\r\n");
        if (!fastStart)
        {
            Assert.StartsWith("HTTP/1.1 101 ", ReadHead());
        }

        (FrameType type, byte[] body) = Receive();
        Assert.Equal(FrameType.ServerKey, type);
        Assert.True(ServerKeyFrame.TryRead(body, out ServerKeyFrame frame));
        RelayKey = frame.Key;
    }

    /// <summary>Proves a key, and is accepted.</summary>
    public ServerInfo Prove(NodePrivateKey key, ClientInfo? info = null)
    {
        using ClientHandshake handshake = new(new SodiumSuite(), new SystemRandomSource(), key);
        Assert.Equal(HandshakeFault.None, handshake.Start(RelayKey));
        Key = key.PublicKey;
        Info = handshake.WriteClientInfo(info ?? new ClientInfo { CanAckPings = true });
        Send(Info);
        (FrameType type, byte[] body) = Receive();
        Assert.Equal(FrameType.ServerInfo, type);
        Assert.Equal(HandshakeFault.None, handshake.ReceiveServerInfo(body));
        return handshake.Server!;
    }

    public (FrameType Type, byte[] Body) Receive()
    {
        byte[] head = new byte[DerpFrames.HeaderSize];
        stream.ReadExactly(head);
        byte[] body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1))];
        stream.ReadExactly(body);
        return ((FrameType)head[0], body);
    }

    /// <summary>The next frame, which must be a packet.</summary>
    public (NodePublicKey From, byte[] Packet) ReceivePacket()
    {
        (FrameType type, byte[] body) = Receive();
        Assert.Equal(FrameType.RecvPacket, type);
        return (PacketFrame.KeyOf(body), body[DerpFrames.KeySize..]);
    }

    /// <summary>The next frame, which must say that a peer is gone.</summary>
    public PeerGoneFrame ReceiveGone()
    {
        (FrameType type, byte[] body) = Receive();
        Assert.Equal(FrameType.PeerGone, type);
        Assert.True(PeerGoneFrame.TryRead(body, out PeerGoneFrame frame));
        return frame;
    }

    /// <summary>Nothing has come so far: a ping's answer is the next frame.</summary>
    public void ExpectNothing()
    {
        SendFrame(FrameType.Ping, [1, 2, 3, 4, 5, 6, 7, 8]);
        (FrameType type, byte[] body) = Receive();
        Assert.Equal((FrameType.Pong, "0102030405060708"), (type, Convert.ToHexString(body)));
    }

    /// <summary>The relay closes the connection; whatever came before is read and forgotten.</summary>
    public void ExpectClosed()
    {
        byte[] buffer = new byte[65536];
        try
        {
            while (stream.Read(buffer) > 0)
            {
            }
        }
        catch (IOException e) when (e.InnerException is SocketException { SocketErrorCode: not SocketError.TimedOut } or not SocketException)
        {
            // A reset is as good as an end.
        }
    }

    public string ReadHead()
    {
        StringBuilder head = new();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            int next = stream.ReadByte();
            Assert.True(next >= 0, "closed after: " + head);
            head.Append((char)next);
        }

        return head.ToString();
    }

    /// <summary>An HTTP request's answer: head, and body where a length is told.</summary>
    public (string Head, string Body) Ask(string request)
    {
        Send(request);
        string head = ReadHead();
        int at = head.IndexOf("Content-Length: ", StringComparison.Ordinal);
        byte[] body = new byte[at < 0 || request.StartsWith("HEAD", StringComparison.Ordinal) ? 0 : int.Parse(head[(at + 16)..].Split('\r')[0], System.Globalization.CultureInfo.InvariantCulture)];
        stream.ReadExactly(body);
        return (head, Encoding.UTF8.GetString(body));
    }

    /// <summary>Ends without a word, in the middle of whatever it was.</summary>
    public void Break()
    {
        socket.LingerState = new LingerOption(true, 0);
        Dispose();
    }

    public void Dispose() => stream.Dispose();
}
