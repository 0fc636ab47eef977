using System;
using System.Security.Cryptography;
using MeshIoT.Crypto;

namespace MeshIoT.Control;

/// <summary>
/// Noise_IK_25519_ChaChaPoly_BLAKE2s, both roles, as pure functions of bytes: the initiator knows the responder's static key and tells
/// its own inside the first message. A message that is not genuine is answered false; the handshake is of no use afterwards.
/// Noise Protocol Framework revision 34, section 7.5; control-plane.md section 3.1.
/// <code>
///   &lt;- s
///   -&gt; e, es, s, ss      WriteInitiation / ReadInitiation
///   &lt;- e, ee, se         WriteResponse   / ReadResponse
/// </code>
/// </summary>
public sealed class NoiseHandshake : IDisposable
{
    /// <summary>The name that is hashed first.</summary>
    public const string ProtocolName = "Noise_IK_25519_ChaChaPoly_BLAKE2s";

    /// <summary>Bytes of a first message with an empty payload: two keys and two tags.</summary>
    public const int InitiationSize = KeySize + KeySize + TagSize + TagSize;

    /// <summary>Bytes of a second message with an empty payload: a key and a tag.</summary>
    public const int ResponseSize = KeySize + TagSize;

    const int KeySize = 32, TagSize = 16;

    readonly CryptoSuite suite;
    readonly bool initiator;
    readonly SymmetricState state;
    readonly byte[] staticPrivate, staticPublic = new byte[KeySize];
    readonly byte[] ephemeralPrivate, ephemeralPublic = new byte[KeySize];
    readonly byte[] remoteStatic = new byte[KeySize], remoteEphemeral = new byte[KeySize];
    int messages;

    NoiseHandshake(CryptoSuite suite, bool initiator, ReadOnlySpan<byte> prologue, ReadOnlySpan<byte> staticPrivate, ReadOnlySpan<byte> ephemeralPrivate)
    {
        this.suite = suite;
        this.initiator = initiator;
        this.staticPrivate = staticPrivate.ToArray();
        this.ephemeralPrivate = ephemeralPrivate.ToArray();
        suite.PublicKey(this.staticPrivate, staticPublic);
        suite.PublicKey(this.ephemeralPrivate, ephemeralPublic);
        state = new SymmetricState(ProtocolName, prologue);
    }

    /// <summary>The other side's static key: known from the start to the initiator, to the responder after <see cref="ReadInitiation"/>.</summary>
    public ReadOnlySpan<byte> RemoteStatic => remoteStatic;

    /// <summary>Digest of everything said so far.</summary>
    public ReadOnlySpan<byte> HandshakeHash => state.Hash;

    bool IsComplete => messages == 2;

    /// <summary>The side that speaks first. Keys have 32 bytes; the ephemeral key is fresh random.</summary>
    public static NoiseHandshake Initiator(
        CryptoSuite suite, ReadOnlySpan<byte> prologue, ReadOnlySpan<byte> staticPrivate, ReadOnlySpan<byte> ephemeralPrivate, ReadOnlySpan<byte> remoteStatic)
    {
        NoiseHandshake handshake = new(suite, true, prologue, staticPrivate, ephemeralPrivate);
        remoteStatic.CopyTo(handshake.remoteStatic);
        handshake.state.MixHash(remoteStatic);
        return handshake;
    }

    /// <summary>The side that answers. Keys have 32 bytes; the ephemeral key is fresh random.</summary>
    public static NoiseHandshake Responder(
        CryptoSuite suite, ReadOnlySpan<byte> prologue, ReadOnlySpan<byte> staticPrivate, ReadOnlySpan<byte> ephemeralPrivate)
    {
        NoiseHandshake handshake = new(suite, false, prologue, staticPrivate, ephemeralPrivate);
        handshake.state.MixHash(handshake.staticPublic);
        return handshake;
    }

    /// <summary>First message, <see cref="InitiationSize"/> and the payload's length; false if the responder's key is no good point.</summary>
    public bool WriteInitiation(ReadOnlySpan<byte> payload, Span<byte> output)
    {
        Expect(initiator && messages == 0);
        ephemeralPublic.CopyTo(output);
        state.MixHash(ephemeralPublic);
        if (!MixSharedSecret(ephemeralPrivate, remoteStatic))
        {
            return false;
        }

        state.EncryptAndHash(staticPublic, output[KeySize..]);
        if (!MixSharedSecret(staticPrivate, remoteStatic))
        {
            return false;
        }

        state.EncryptAndHash(payload, output[(KeySize + KeySize + TagSize)..]);
        messages = 1;
        return true;
    }

    /// <summary>False if the message was not made for this responder, or was changed.</summary>
    public bool ReadInitiation(ReadOnlySpan<byte> message, out byte[] payload)
    {
        Expect(!initiator && messages == 0);
        payload = [];
        if (message.Length < InitiationSize)
        {
            return false;
        }

        message[..KeySize].CopyTo(remoteEphemeral);
        state.MixHash(remoteEphemeral);
        if (!MixSharedSecret(staticPrivate, remoteEphemeral)
            || !state.DecryptAndHash(message.Slice(KeySize, KeySize + TagSize), out byte[] identity))
        {
            return false;
        }

        identity.CopyTo(remoteStatic, 0);
        if (!MixSharedSecret(staticPrivate, remoteStatic) || !state.DecryptAndHash(message[(KeySize + KeySize + TagSize)..], out payload))
        {
            return false;
        }

        messages = 1;
        return true;
    }

    /// <summary>Second message, <see cref="ResponseSize"/> and the payload's length; false if the initiator's key is no good point.</summary>
    public bool WriteResponse(ReadOnlySpan<byte> payload, Span<byte> output)
    {
        Expect(!initiator && messages == 1);
        ephemeralPublic.CopyTo(output);
        state.MixHash(ephemeralPublic);
        if (!MixSharedSecret(ephemeralPrivate, remoteEphemeral) || !MixSharedSecret(ephemeralPrivate, remoteStatic))
        {
            return false;
        }

        state.EncryptAndHash(payload, output[KeySize..]);
        messages = 2;
        return true;
    }

    /// <summary>False if the message is no genuine answer to the initiation.</summary>
    public bool ReadResponse(ReadOnlySpan<byte> message, out byte[] payload)
    {
        Expect(initiator && messages == 1);
        payload = [];
        if (message.Length < ResponseSize)
        {
            return false;
        }

        message[..KeySize].CopyTo(remoteEphemeral);
        state.MixHash(remoteEphemeral);
        if (!MixSharedSecret(ephemeralPrivate, remoteEphemeral)
            || !MixSharedSecret(staticPrivate, remoteEphemeral)
            || !state.DecryptAndHash(message[KeySize..], out payload))
        {
            return false;
        }

        messages = 2;
        return true;
    }

    /// <summary>The record layer of a finished handshake.</summary>
    public NoiseRecords Split()
    {
        Expect(IsComplete);
        (byte[] toResponder, byte[] toInitiator) = state.Split();
        NoiseRecords records = initiator
            ? new(suite.CreateAeadKey(toResponder, 0), suite.CreateAeadKey(toInitiator, 0))
            : new(suite.CreateAeadKey(toInitiator, 0), suite.CreateAeadKey(toResponder, 0));
        CryptographicOperations.ZeroMemory(toResponder);
        CryptographicOperations.ZeroMemory(toInitiator);
        return records;
    }

    /// <summary>Wipes every secret.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(staticPrivate);
        CryptographicOperations.ZeroMemory(ephemeralPrivate);
        state.Dispose();
    }

    bool MixSharedSecret(byte[] privateKey, byte[] publicKey)
    {
        byte[] secret = new byte[KeySize];
        bool good = suite.SharedSecret(privateKey, publicKey, secret);
        if (good)
        {
            state.MixKey(secret);
        }

        CryptographicOperations.ZeroMemory(secret);
        return good;
    }

    static void Expect(bool inOrder)
    {
        if (!inOrder)
        {
            throw new InvalidOperationException("handshake messages have one order");
        }
    }
}
