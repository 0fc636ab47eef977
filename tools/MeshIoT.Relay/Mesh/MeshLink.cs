using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Security.Cryptography;
using System.Threading;
using MeshIoT.Crypto;
using MeshIoT.Derp;
using MeshIoT.Health;

namespace MeshIoT.Relay;

/// <summary>
/// The connection to another relay of the region, as its client: it tells us of its clients, we forward to it what is for them. Two threads
/// of its own, for there are few of them; dialled again for ever. data-plane.md section 4.3.
/// </summary>
internal sealed partial class MeshLink : IForwarder, IDisposable
{
    const int ReadBuffer = DerpFrames.LargestHandled + (16 * 1024);

    static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromSeconds(30), DialPatience = TimeSpan.FromSeconds(15);

    readonly RelayContext context;
    readonly MeshPeer peer;
    readonly DerpPoolOptions dialing;
    readonly CancellationTokenSource stopping = new();
    readonly Thread thread;
    readonly RelayNode node;

    public MeshLink(RelayContext context, MeshPeer peer, TimeProvider time)
    {
        (this.context, this.peer) = (context, peer);
        node = new RelayNode("mesh", peer.Host, peer.CertName, null, null, peer.Port, InsecureForTests: false);
        dialing = new DerpPoolOptions { Key = context.Key, Receiver = new Nobody(), Suite = context.Suite, Random = context.Random, Time = time };
        thread = new Thread(Run, 512 * 1024) { Name = "relay mesh " + peer.Host, IsBackground = true };
    }

    /// <summary>The other relay tells us of its clients.</summary>
    public bool IsUp { get; private set; }

    string Name => $"{peer.Host}:{peer.Port}";

    public void Start() => thread.Start();

    /// <inheritdoc/>
    public void Dispose()
    {
        stopping.Cancel();
        thread.Join();
        stopping.Dispose();
    }

    void Run()
    {
        TimeSpan pause = FirstPause;
        while (!stopping.IsCancellationRequested)
        {
            bool wasUp = ConnectOnce(out bool isOurselves);
            if (isOurselves)
            {
                return;
            }

            pause = wasUp ? FirstPause : pause * 2 < LongestPause ? pause * 2 : LongestPause;
            stopping.Token.WaitHandle.WaitOne(pause + TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(500)));
        }
    }

    // One connection from dialling to its end; true when it was any good.
    [SuppressMessage("Design", "CA1031", Justification = "whatever ends the connection, the next one is tried")]
    bool ConnectOnce(out bool isOurselves)
    {
        isOurselves = false;
        bool wasUp = false;
        try
        {
            using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
            patience.CancelAfter(DialPatience);
            DialedRelay dialed = new RelayDialer(dialing).Dial(node, Name, null, patience.Token);
            using Stream stream = dialed.Stream;
            using CancellationTokenRegistration cut = stopping.Token.UnsafeRegister(static t => ((Transport)t!).Abort(), dialed.Transport);
            using ClientHandshake handshake = new(context.Suite, context.Random, context.Key);
            if (dialed.RelayKey == context.Key.PublicKey)
            {
                isOurselves = true;
                return false;
            }

            if (!dialed.RelayKey.IsZero)
            {
                Prove(stream, handshake, handshake.Start(dialed.RelayKey));
            }

            ReadAll(stream, handshake, dialed.Early, ref wasUp);
        }
        catch (Exception e)
        {
            if (!stopping.IsCancellationRequested)
            {
                context.Log.Warn($"no connection to relay {Name} of this region: {(e is FaultException fault ? fault.Report.Message : e.Message)}");
            }
        }

        IsUp = false;
        StopWriting();
        foreach (NodePublicKey key in context.Registry.RemoveElsewhere(this))
        {
            TellGone(key);
        }

        return wasUp;
    }

    void Prove(Stream stream, ClientHandshake handshake, HandshakeFault fault)
    {
        if (fault != HandshakeFault.None)
        {
            throw new IOException("its first words make no sense");
        }

        stream.Write(handshake.WriteClientInfo(new ClientInfo { CanAckPings = true, MeshKey = context.MeshKey!.Reveal() }));
        Span<byte> watch = stackalloc byte[DerpFrames.HeaderSize];
        SmallFrames.WriteEmpty(watch, FrameType.WatchConns);
        stream.Write(watch);
    }

    void ReadAll(Stream stream, ClientHandshake handshake, ReadOnlyMemory<byte> early, ref bool wasUp)
    {
        FrameReader frames = new(DerpRole.Client);
        byte[] buffer = new byte[ReadBuffer];
        early.Span.CopyTo(buffer);
        int filled = early.Length, at = 0;
        while (true)
        {
            while (frames.Read(buffer.AsSpan(0, filled), ref at, out FrameSlice frame) is var step && step != FrameStep.NeedMore)
            {
                if (step == FrameStep.Violation)
                {
                    throw new IOException("it sends frames that are too long");
                }

                Handle(stream, handshake, frame.Type, buffer.AsSpan(frame.Offset, frame.Length), ref wasUp);
            }

            buffer.AsSpan(at, filled - at).CopyTo(buffer);
            (filled, at) = (filled - at, 0);
            int got = stream.Read(buffer, filled, buffer.Length - filled);
            if (got == 0)
            {
                throw new IOException(wasUp ? "it has closed the connection" : "it does not take us for a relay of its region; do both have the same mesh key?");
            }

            filled += got;
        }
    }

    void Handle(Stream stream, ClientHandshake handshake, FrameType type, ReadOnlySpan<byte> body, ref bool wasUp)
    {
        switch (type)
        {
            case FrameType.ServerKey when handshake.ServerKey.IsZero:
                Prove(stream, handshake, handshake.ReceiveServerKey(body));
                break;
            case FrameType.ServerInfo:
                if (handshake.ReceiveServerInfo(body) != HandshakeFault.None)
                {
                    throw new IOException("its info makes no sense");
                }

                StartWriting(stream);
                break;
            case FrameType.PeerPresent when PeerPresentFrame.TryRead(body, out PeerPresentFrame present):
                // The first to be told of are we ourselves: then the other has accepted our key.
                wasUp = IsUp = true;
                if ((present.Flags & PeerPresentFlags.MeshPeer) == 0)
                {
                    context.Registry.AddElsewhere(present.Peer, this);
                }

                break;
            case FrameType.PeerGone when PeerGoneFrame.TryRead(body, out PeerGoneFrame gone) && gone.Reason == PeerGoneReason.Disconnected:
                context.Registry.RemoveElsewhere(gone.Peer, this);
                TellGone(gone.Peer);
                break;
            case FrameType.Ping when PingFrame.TryRead(body, out PingFrame ping):
                Span<byte> pong = stackalloc byte[PingFrame.FrameSize];
                ping.Write(pong, FrameType.Pong);
                Enqueue(pong, default);
                break;
            default:
                break;
        }
    }

    // Unless it is here now, or at yet another relay.
    void TellGone(NodePublicKey source)
    {
        if (context.Registry.Find(source) is null && context.Registry.FindElsewhere(source) is null)
        {
            foreach (NodePublicKey receiver in context.Reached.Take(source))
            {
                context.Registry.Find(receiver)?.Active?.TellGone(source, PeerGoneReason.Disconnected);
            }
        }
    }

    /// <summary>Packets for us ourselves: there are none.</summary>
    sealed class Nobody : DerpReceiver
    {
        public override void Receive(DerpBatch batch) => batch.Return();
    }
}
