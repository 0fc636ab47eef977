using System;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using Xunit;

namespace MeshIoT.Derp.Tests;

/// <summary>The relay's end of one connection, moved by a test step by step.</summary>
sealed class ScriptedRelay(Stream stream, RelayNode node) : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly NodePrivateKey key = TestKeys.Key(0xc1);
    readonly FrameReader frames = new(DerpRole.Server);
    readonly byte[] buffer = new byte[DerpFrames.LargestHandled];
    int filled, parsed;

    public RelayNode Node { get; } = node;

    public NodePublicKey Client { get; private set; }

    public string Request { get; private set; } = "";

    /// <summary>Reads the request and answers the upgrade.</summary>
    public async Task UpgradeAsync(string answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: DERP\r\nConnection: Upgrade\r\n\r\n")
    {
        await ReadRequestAsync();
        await WriteAsync(Encoding.ASCII.GetBytes(answer));
    }

    /// <summary>Reads the request.</summary>
    public async Task ReadRequestAsync()
    {
        StringBuilder text = new();
        byte[] one = new byte[1];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one).AsTask().WaitAsync(Patience) == 0)
            {
                throw new EndOfStreamException();
            }

            text.Append((char)one[0]);
        }

        Request = text.ToString();
    }

    /// <summary>Upgrade and handshake: the client is in.</summary>
    public async Task<ClientInfo> LetInAsync(ServerInfo? info = null)
    {
        await UpgradeAsync();
        using ServerHandshake handshake = new(new SodiumSuite(), new TestKeys.SeededRandom(9), key);
        await WriteAsync(handshake.WriteServerKey());
        (FrameType type, byte[] body) = await ReadAsync();
        Assert.Equal(FrameType.ClientInfo, type);
        Assert.Equal(HandshakeFault.None, handshake.ReceiveClientInfo(body));
        Client = handshake.ClientKey;
        await WriteAsync(handshake.WriteServerInfo(info ?? new()));
        return handshake.Client!;
    }

    /// <summary>As <see cref="LetInAsync"/>; false when the client closes instead of asking.</summary>
    public async Task<bool> TryLetInAsync()
    {
        try
        {
            await LetInAsync();
            return true;
        }
        catch (Exception e) when (e is EndOfStreamException or IOException)
        {
            return false;
        }
    }

    /// <summary>The next frame, whatever it is.</summary>
    public async Task<(FrameType Type, byte[] Body)> ReadAsync()
    {
        while (true)
        {
            FrameStep step = frames.Read(buffer.AsSpan(0, filled), ref parsed, out FrameSlice frame);
            Assert.NotEqual(FrameStep.Violation, step);
            if (step == FrameStep.Frame)
            {
                return (frame.Type, buffer[frame.Offset..(frame.Offset + frame.Length)]);
            }

            Buffer.BlockCopy(buffer, parsed, buffer, 0, filled - parsed);
            (filled, parsed) = (filled - parsed, 0);
            int count = await stream.ReadAsync(buffer.AsMemory(filled)).AsTask().WaitAsync(Patience);
            if (count == 0)
            {
                throw new EndOfStreamException();
            }

            filled += count;
        }
    }

    /// <summary>The next frame of a type; others before it are passed over.</summary>
    public async Task<byte[]> ReadAsync(FrameType type)
    {
        while (true)
        {
            (FrameType next, byte[] body) = await ReadAsync();
            if (next == type)
            {
                return body;
            }
        }
    }

    /// <summary>Returns once the client has closed.</summary>
    public async Task ReadToEndAsync()
    {
        try
        {
            while (true)
            {
                await ReadAsync();
            }
        }
        catch (Exception e) when (e is EndOfStreamException or IOException)
        {
        }
    }

    /// <summary>Does what a relay does, answering pings and noting packets, until the client closes.</summary>
    public async Task ServeAsync(System.Collections.Concurrent.ConcurrentQueue<byte[]>? packets = null)
    {
        try
        {
            while (true)
            {
                (FrameType type, byte[] body) = await ReadAsync();
                if (type == FrameType.Ping && PingFrame.TryRead(body, out PingFrame ping))
                {
                    byte[] pong = new byte[PingFrame.FrameSize];
                    ping.Write(pong, FrameType.Pong);
                    await WriteAsync(pong);
                }
                else if (type == FrameType.SendPacket)
                {
                    packets?.Enqueue(body[DerpFrames.KeySize..]);
                }
            }
        }
        catch (Exception e) when (e is EndOfStreamException or IOException)
        {
        }
    }

    public async Task WriteAsync(byte[] bytes) => await stream.WriteAsync(bytes).AsTask().WaitAsync(Patience);

    public Task SendPacketAsync(NodePublicKey from, byte[] packet)
    {
        byte[] frame = new byte[DerpFrames.PacketHeaderSize + packet.Length];
        PacketFrame.Write(frame, FrameType.RecvPacket, from, packet);
        return WriteAsync(frame);
    }

    public Task SendPingAsync(ulong payload)
    {
        byte[] frame = new byte[PingFrame.FrameSize];
        new PingFrame(payload).Write(frame, FrameType.Ping);
        return WriteAsync(frame);
    }

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        key.Dispose();
    }
}

/// <summary>Takes a pool's dials; each becomes a <see cref="ScriptedRelay"/>, or fails while <see cref="IsDown"/>.</summary>
sealed class ScriptedNetwork
{
    readonly Channel<ScriptedRelay> dials = Channel.CreateUnbounded<ScriptedRelay>();
    int count;

    public volatile bool IsDown;

    /// <summary>Dials so far, failed ones too.</summary>
    public int Dials => Volatile.Read(ref count);

    public Stream Open(RelayNode node)
    {
        Interlocked.Increment(ref count);
        if (IsDown)
        {
            throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.ConnectionRefused);
        }

        (MemoryLink ours, MemoryLink theirs) = MemoryLink.Create();
        dials.Writer.TryWrite(new ScriptedRelay(theirs, node));
        return ours;
    }

    public async Task<ScriptedRelay> NextAsync() => await dials.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));

    public bool TryNext(out ScriptedRelay? relay) => dials.Reader.TryRead(out relay);
}
