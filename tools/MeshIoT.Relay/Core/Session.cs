using System;
using System.Buffers;
using System.Net;
using MeshIoT.Crypto;

namespace MeshIoT.Relay;

/// <summary>
/// One connection, from its first byte to its last. Its loop's thread reads and keeps the time; what it is given to write may come from
/// any thread, under its lock. No call waits, and no call holds two sessions' locks. Nobody else's slowness is felt here: a client that
/// takes nothing fills its own <see cref="Outbox"/> and is closed.
/// </summary>
internal sealed partial class Session : IReady
{
    readonly RelayContext context;
    readonly EventLoop loop;
    readonly int socket;
    readonly UInt128 address;
    readonly ushort port;
    readonly Channel channel;
    readonly Outbox outbox;
    readonly Door door;
    readonly object gate = new();
    Slot slot = null!;
    byte[]? kept;
    int keptLength;
    long deadlineMs;
    bool paused;

    public Session(RelayContext context, EventLoop loop, int socket, UInt128 address, ushort port, Channel channel, Door door)
    {
        this.door = door;
        (this.context, this.loop, this.socket, this.address, this.port, this.channel) = (context, loop, socket, address, port, channel);
        outbox = new Outbox(channel, context.Limits, context.Queued);
    }

    public SessionState State { get; private set; } = SessionState.Tls;

    /// <summary>Where it comes from.</summary>
    public IPEndPoint Remote
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, address);
            IPAddress ip = new(bytes);
            return new IPEndPoint(ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip, port);
        }
    }

    /// <summary>Begins. On the loop's thread.</summary>
    public void Begin()
    {
        slot = loop.Add(socket, this, Libc.EpollIn);
        deadlineMs = loop.NowMs + (long)context.Limits.HandshakeTimeout.TotalMilliseconds;
        loop.CallAt(slot, deadlineMs);
    }

    /// <summary>Ends the connection, from any thread.</summary>
    public void CloseSoon() => loop.Post(Close);

    /// <summary>Ends the connection, on the loop's thread.</summary>
    public void CloseNow() => Close();

    /// <inheritdoc/>
    public bool IsCostly => State is SessionState.Tls or SessionState.Proof;

    /// <inheritdoc/>
    public void OnReady(uint events)
    {
        if ((events & Libc.EpollOut) != 0 && State != SessionState.Tls)
        {
            WriteOut(loop);
        }

        if (State == SessionState.Tls)
        {
            Agree();
        }
        else if ((events & (Libc.EpollError | Libc.EpollHangUp)) != 0 && paused)
        {
            // Nothing is read now, and the socket would go on telling.
            Close();
        }
        else if ((events & (Libc.EpollIn | Libc.EpollError | Libc.EpollHangUp)) != 0 && !paused)
        {
            Read();
        }
    }

    /// <inheritdoc/>
    public long OnTime(long nowMs)
    {
        if (State == SessionState.Closed)
        {
            return long.MaxValue;
        }

        if (State == SessionState.Relaying)
        {
            return KeepTime(nowMs);
        }

        if (nowMs < deadlineMs)
        {
            return deadlineMs;
        }

        loop.Counters.HandshakesFailed += State == SessionState.Http ? 0 : 1;
        Close();
        return long.MaxValue;
    }

    /// <inheritdoc/>
    public void OnFailure(Exception why)
    {
        context.Log.Warn($"{Remote}: closed after a mistake of ours: {why.GetType().Name} {why.Message}");
        Close();
    }

    void Agree()
    {
        int result = channel.Handshake();
        if (result == 1)
        {
            State = SessionState.Http;
            NextStep();
            loop.Watch(slot, Libc.EpollIn);
            Read();
        }
        else if (result == ChannelResult.Ended)
        {
            loop.Counters.HandshakesFailed++;
            Close();
        }
        else
        {
            loop.Watch(slot, result == ChannelResult.WantWrite ? Libc.EpollIn | Libc.EpollOut : Libc.EpollIn);
        }
    }

    // Each step has its own time.
    void NextStep()
    {
        deadlineMs = loop.NowMs + (long)context.Limits.HandshakeTimeout.TotalMilliseconds;
        loop.CallAt(slot, deadlineMs);
    }

    void Read()
    {
        byte[] bytes = loop.Scratch;
        int length = TakeKept(bytes);
        bool ended = true;
        lock (gate)
        {
            if (State != SessionState.Closed)
            {
                length += Math.Max(0, channel.Read(bytes.AsSpan(length), out ended));
            }
        }

        int used = Consume(bytes, length);
        if (ended)
        {
            Close();
        }
        else if (State != SessionState.Closed)
        {
            Keep(bytes.AsSpan(used, length - used));
        }
    }

    // As much as can be dealt with now, whatever state it leads through.
    int Consume(byte[] bytes, int length)
    {
        int used = 0;
        SessionState before;
        do
        {
            before = State;
            used += State switch
            {
                SessionState.Http => ReadRequests(bytes.AsSpan(used, length - used)),
                SessionState.Proof => ReadProof(bytes.AsSpan(used, length - used)),
                SessionState.Relaying => ReadFrames(bytes, used, length),
                _ => 0,
            };
        }
        while (State != before && State != SessionState.Closed);
        return used;
    }

    int TakeKept(byte[] output)
    {
        if (kept is null)
        {
            return 0;
        }

        kept.AsSpan(0, keptLength).CopyTo(output);
        ArrayPool<byte>.Shared.Return(kept);
        kept = null;
        return keptLength;
    }

    void Keep(ReadOnlySpan<byte> rest)
    {
        if (rest.Length > 0)
        {
            kept = ArrayPool<byte>.Shared.Rent(rest.Length);
            rest.CopyTo(kept);
            keptLength = rest.Length;
        }
    }

    void Fail()
    {
        loop.Counters.ProtocolErrors++;
        Close();
    }

    void Close()
    {
        bool wasRelaying;
        lock (gate)
        {
            if (State == SessionState.Closed)
            {
                return;
            }

            wasRelaying = State == SessionState.Relaying;
            State = SessionState.Closed;
            if (!outbox.IsBlocked && !outbox.IsEnded)
            {
                channel.Shutdown();
            }

            outbox.End();
            loop.Remove(slot);
            channel.Dispose();
        }

        _ = Libc.Close(socket);
        TakeKept(loop.Scratch);
        handshake?.Dispose();
        handshake = null;
        context.Connections.Leave(address);
        if (wasRelaying)
        {
            Leave();
        }
    }
}
