using MeshIoT.Crypto;

namespace MeshIoT.WireGuard;

/// <summary>
/// A session: one key for each direction, their counters, and who began it. WireGuard paper, sections 5.4.5 and 5.4.6. Others get it from
/// <see cref="WireGuardDevice.FindReceiving"/> and <see cref="WireGuardDevice.FindSending"/>, and use it at once: the next handshake may wipe it.
/// </summary>
public sealed class Keypair : IndexOwner
{
    readonly AeadKey send;
    readonly AeadKey receive;

    internal Keypair(WireGuardPeer peer, AeadKey send, AeadKey receive, bool isInitiator, uint localIndex, uint remoteIndex, long nowMs, int replayWindow)
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

    internal bool IsInitiator { get; }

    /// <summary>The receiver index to write into what is sent.</summary>
    public uint RemoteIndex { get; }

    internal long CreatedMs { get; }

    internal ReplayWindow Replay { get; }

    /// <summary>Counter of the next packet we send.</summary>
    internal ulong SendCounter;

    /// <summary>Seals what is sent: the counter is the nonce.</summary>
    public AeadKey SendKey => send;

    /// <summary>Opens what is received.</summary>
    public AeadKey ReceiveKey => receive;

    /// <summary>The counter of the next packet to send. Each is given once.</summary>
    public ulong TakeCounter() => SendCounter++;

    /// <summary>True, once, for the counter of a packet that has proved authentic. WireGuard paper, section 5.4.6.</summary>
    public bool Accept(ulong counter) => Replay.Accept(counter);

    internal bool CanSend(long nowMs) => nowMs - CreatedMs < ProtocolLimits.RejectAfterTimeMs && SendCounter < ProtocolLimits.RejectAfterMessages;

    internal bool CanReceive(long nowMs) => nowMs - CreatedMs <= ProtocolLimits.RejectAfterTimeMs;

    /// <summary>Time for a new handshake after sending: only the initiator acts on age, so that the two sides do not both begin one.</summary>
    internal bool IsStaleAfterSending(long nowMs) =>
        SendCounter > ProtocolLimits.RekeyAfterMessages || (IsInitiator && nowMs - CreatedMs > ProtocolLimits.RekeyAfterTimeMs);

    /// <summary>Time for a new handshake after receiving, for an initiator that has nothing to send itself.</summary>
    internal bool IsStaleAfterReceiving(long nowMs) => IsInitiator && nowMs - CreatedMs > ProtocolLimits.RekeyOnReceiveAfterMs;

    internal void Seal(ulong counter, byte[] plain, int offset, int length, byte[] output, int outOffset) =>
        send.Seal((long)counter, plain, offset, length, output, outOffset);

    internal bool Open(ulong counter, byte[] cipher, int offset, int length, byte[] output, int outOffset) =>
        receive.Open((long)counter, cipher, offset, length, output, outOffset);

    internal void Wipe()
    {
        send.Wipe();
        receive.Wipe();
    }
}
