using System;
using MeshIoT.Crypto;

namespace MeshIoT.WireGuard;

/// <summary>
/// The four steps of a Noise_IKpsk2 handshake: write and read the initiation, write and read the response. WireGuard paper, section
/// 5.4. Reading works on a scratch state; what a peer remembers changes only after everything opened, so a forged message leaves no
/// trace. One per device; the scratch is safe because the device is single-threaded.
/// </summary>
internal sealed partial class Handshake
{
    const int KeySize = ProtocolLimits.KeySize;

    readonly CryptoSuite suite;
    readonly RandomSource random;
    readonly byte[] privateKey;
    readonly byte[] publicKey;
    readonly NoiseState work = new NoiseState();
    readonly byte[] secret = new byte[KeySize];
    readonly byte[] remoteEphemeral = new byte[KeySize];
    readonly byte[] ephemeralPrivate = new byte[KeySize];
    readonly byte[] ephemeralPublic = new byte[KeySize];
    readonly byte[] sealedNothing = new byte[ProtocolLimits.TagSize];
    bool hasEphemeral;

    public Handshake(CryptoSuite suite, RandomSource random, byte[] privateKey, byte[] publicKey)
    {
        this.suite = suite;
        this.random = random;
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /// <summary>What the initiator seals with, once a response was written or read.</summary>
    public readonly byte[] InitiatorKey = new byte[KeySize];

    /// <summary>What the responder seals with, once a response was written or read.</summary>
    public readonly byte[] ResponderKey = new byte[KeySize];

    /// <summary>Makes the next ephemeral key ahead of time.</summary>
    public void PrepareEphemeral()
    {
        if (!hasEphemeral)
        {
            random.Fill(ephemeralPrivate, 0, KeySize);
            suite.PublicKey(ephemeralPrivate, ephemeralPublic);
            hasEphemeral = true;
        }
    }

    public void WipeSessionKeys()
    {
        Array.Clear(InitiatorKey, 0, KeySize);
        Array.Clear(ResponderKey, 0, KeySize);
    }

    public void Wipe()
    {
        WipeSessionKeys();
        WipeScratch();
        WipeEphemeral();
        Array.Clear(privateKey, 0, KeySize);
    }

    /// <summary>Forgets a handshake that will not be answered.</summary>
    public void WipeScratch()
    {
        work.Wipe();
        Array.Clear(secret, 0, KeySize);
    }

    /// <summary>The static-static secret of a peer, computed at the first handshake; null when the peer's key has small order.</summary>
    byte[]? StaticSecret(WireGuardPeer peer)
    {
        if (peer.StaticSecret == null)
        {
            byte[] shared = new byte[KeySize];
            if (!suite.SharedSecret(privateKey, peer.Key, shared))
            {
                return null;
            }

            peer.StaticSecret = shared;
        }

        return peer.StaticSecret;
    }

    bool MixShared(byte[] ours, byte[] theirs)
    {
        bool valid = suite.SharedSecret(ours, theirs, secret);
        if (valid)
        {
            work.MixKey(secret);
        }

        return valid;
    }

    void WipeEphemeral()
    {
        Array.Clear(ephemeralPrivate, 0, KeySize);
        hasEphemeral = false;
    }
}
