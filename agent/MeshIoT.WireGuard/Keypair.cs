using MeshIoT.Crypto;

namespace MeshIoT.WireGuard;

/// <summary>A session: one key for each direction, their counters, and who began it. WireGuard paper, sections 5.4.5 and 5.4.6.</summary>
internal sealed class Keypair : IndexOwner
{
    readonly AeadKey send;
    readonly AeadKey receive;

    public Keypair(WireGuardPeer peer, AeadKey send, AeadKey receive, bool isInitiator, uint localIndex, uint remoteIndex, long nowMs, int replayWindow)
        : base(peer)
    {
        this.send = send;
        this.receive = receive;
        IsInitiator = isInitiator;
        LocalIndex = localIndex;
        RemoteIndex = remoteIndex;
        CreatedMs = nowMs;
        Replay = new ReplayWindow(replayWindow);
    }

    public bool IsInitiator { get; }

    public uint RemoteIndex { get; }

    public long CreatedMs { get; }

    public ReplayWindow Replay { get; }

    /// <summary>Counter of the next packet we send.</summary>
    public ulong SendCounter;

    public bool CanSend(long nowMs) => nowMs - CreatedMs < ProtocolLimits.RejectAfterTimeMs && SendCounter < ProtocolLimits.RejectAfterMessages;

    public bool CanReceive(long nowMs) => nowMs - CreatedMs <= ProtocolLimits.RejectAfterTimeMs;

    /// <summary>Time for a new handshake after sending: only the initiator acts on age, so that the two sides do not both begin one.</summary>
    public bool IsStaleAfterSending(long nowMs) =>
        SendCounter > ProtocolLimits.RekeyAfterMessages || (IsInitiator && nowMs - CreatedMs > ProtocolLimits.RekeyAfterTimeMs);

    /// <summary>Time for a new handshake after receiving, for an initiator that has nothing to send itself.</summary>
    public bool IsStaleAfterReceiving(long nowMs) => IsInitiator && nowMs - CreatedMs > ProtocolLimits.RekeyOnReceiveAfterMs;

    public void Seal(ulong counter, byte[] plain, int offset, int length, byte[] output, int outOffset) =>
        send.Seal((long)counter, plain, offset, length, output, outOffset);

    public bool Open(ulong counter, byte[] cipher, int offset, int length, byte[] output, int outOffset) =>
        receive.Open((long)counter, cipher, offset, length, output, outOffset);

    public void Wipe()
    {
        send.Wipe();
        receive.Wipe();
    }
}
