using System;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Derp;

namespace MeshIoT.Relay;

/// <summary>The DERP handshake: our key, the client's proof of its own, admission.</summary>
internal sealed partial class Session
{
    ServerHandshake? handshake;

    /// <summary>The key that the client has proved; zero before.</summary>
    public NodePublicKey Key { get; private set; }

    /// <summary>What other relays of the region are told of it.</summary>
    public PeerPresentFlags Flags { get; private set; }

    void SwitchToDerp(RequestHead request)
    {
        handshake = new ServerHandshake(context.Suite, context.Random, context.Key);
        Flags = PeerPresentFlags.Regular | (request.IdealNode.Length > 0 ? PeerPresentFlags.NotIdeal : 0);
        if (!request.FastStart)
        {
            PutRaw(Answers.Switch(context.Key.PublicKey));
        }

        PutRaw(handshake.WriteServerKey());
        State = SessionState.Proof;
        NextStep();
        WriteOut(loop);
    }

    // The first frame must be the client's info; anything else is no client.
    int ReadProof(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < DerpFrames.HeaderSize)
        {
            return 0;
        }

        uint length = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]);
        if (bytes[0] != (byte)FrameType.ClientInfo || length > (uint)context.Limits.MaxClientInfo)
        {
            loop.Counters.HandshakesFailed++;
            Fail();
            return 0;
        }

        if (bytes.Length < DerpFrames.HeaderSize + (int)length)
        {
            return 0;
        }

        ReadOnlySpan<byte> body = bytes.Slice(DerpFrames.HeaderSize, (int)length);
        HandshakeFault fault = handshake!.ReceiveClientInfo(body);
        if (fault != HandshakeFault.None)
        {
            loop.Counters.HandshakesFailed++;
            context.Log.Warn($"{Remote}: its client info does not prove its key ({fault})");
            Fail();
        }
        else if (!context.Nonces.TryAdd(body[DerpFrames.KeySize..]))
        {
            loop.Counters.Replayed++;
            context.Log.Warn($"{Remote}: its client info was shown before");
            Fail();
        }
        else
        {
            Key = handshake.ClientKey;
            AskAdmission(handshake.Client!);
        }

        return DerpFrames.HeaderSize + (int)length;
    }

    void AskAdmission(ClientInfo client)
    {
        isMesh = context.MeshKey?.Matches(client.MeshKey) == true;
        Flags |= (isMesh ? PeerPresentFlags.MeshPeer : 0) | (client.IsProber ? PeerPresentFlags.Prober : 0);
        State = SessionState.Admission;
        ValueTask<bool> answer = isMesh ? new(true) : context.Admission.AdmitAsync(Key, Remote.Address);
        if (answer.IsCompletedSuccessfully)
        {
            Decide(answer.Result);
            return;
        }

        // What it sends meanwhile waits: a few kilobytes here, the rest in the kernel.
        Pause(true);
        answer.AsTask().ContinueWith(
            t => loop.Post(() =>
            {
                if (State == SessionState.Admission)
                {
                    Pause(false);
                    Decide(t.IsCompletedSuccessfully && t.Result);
                    if (State == SessionState.Relaying)
                    {
                        Read();
                    }
                }
            }),
            TaskScheduler.Default);
    }

    void Decide(bool isAdmitted)
    {
        if (!isAdmitted)
        {
            loop.Counters.NotAdmitted++;
            context.Log.Warn($"{Remote}: {Key.ShortString()} is not admitted");
            Close();
            return;
        }

        byte[] info = handshake!.WriteServerInfo(isMesh ? new ServerInfo() : context.ServerInfo);
        handshake.Dispose();
        handshake = null;
        Enter(info);
    }
}
