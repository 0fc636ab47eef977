using System;
using MeshIoT.Crypto;

namespace MeshIoT.WireGuard;

/// <summary>
/// Our side towards strangers: checks mac1 and mac2 of incoming handshake messages and hands out cookies. A cookie is a MAC of the
/// sender's address under a secret that changes every 120 s, so we keep nothing per sender. WireGuard paper, sections 5.3 and 5.4.7.
/// </summary>
internal sealed class CookieChecker
{
    const int MacSize = CookieReplyMessage.CookieSize;

    readonly RandomSource random;
    readonly byte[] mac1Key = new byte[ProtocolLimits.KeySize];
    readonly byte[] replyKey = new byte[ProtocolLimits.KeySize];
    readonly byte[] secret = new byte[ProtocolLimits.KeySize];
    readonly byte[] cookie = new byte[MacSize];
    readonly byte[] expected = new byte[MacSize];
    long secretSinceMs;
    bool hasSecret;

    public CookieChecker(RandomSource random, byte[] publicKey)
    {
        this.random = random;
        CookieLabels.DeriveMac1Key(publicKey, mac1Key);
        CookieLabels.DeriveReplyKey(publicKey, replyKey);
    }

    public bool CheckMac1(byte[] message, int offset, int mac1At)
    {
        CookieLabels.Mac(mac1Key, message, offset, mac1At, expected, 0);
        return ConstantTime.Equal(expected, 0, message, offset + mac1At, MacSize);
    }

    /// <summary>True when the sender shows the cookie that belongs to the address it writes from.</summary>
    public bool CheckMac2(byte[] message, int offset, int mac1At, byte[] source, long nowMs)
    {
        if (!IsSecretFresh(nowMs))
        {
            return false;
        }

        int mac2At = mac1At + MacSize;
        CookieLabels.Mac(secret, source, 0, ProtocolLimits.EndpointSize, cookie, 0);
        CookieLabels.Mac(cookie, message, offset, mac2At, expected, 0);
        return ConstantTime.Equal(expected, 0, message, offset + mac2At, MacSize);
    }

    /// <summary>Writes the 64-byte cookie reply to a refused handshake message.</summary>
    public void WriteReply(byte[] message, int offset, int mac1At, byte[] source, long nowMs, byte[] output, int outOffset)
    {
        if (!IsSecretFresh(nowMs))
        {
            random.Fill(secret, 0, secret.Length);
            secretSinceMs = nowMs;
            hasSecret = true;
        }

        CookieLabels.Mac(secret, source, 0, ProtocolLimits.EndpointSize, cookie, 0);
        LittleEndian.WriteUInt32(output, outOffset, (uint)MessageType.CookieReply);
        Array.Copy(message, offset + InitiationMessage.SenderAt, output, outOffset + CookieReplyMessage.ReceiverAt, 4);
        random.Fill(output, outOffset + CookieReplyMessage.NonceAt, CookieReplyMessage.NonceSize);
        XChaCha20Poly1305.Seal(replyKey, 0, output, outOffset + CookieReplyMessage.NonceAt, message, offset + mac1At, MacSize, cookie, 0, MacSize, output, outOffset + CookieReplyMessage.CookieAt);
    }

    public void Wipe()
    {
        Array.Clear(secret, 0, secret.Length);
        Array.Clear(cookie, 0, MacSize);
        hasSecret = false;
    }

    bool IsSecretFresh(long nowMs) => hasSecret && nowMs - secretSinceMs < ProtocolLimits.CookieRefreshTimeMs;
}
