using System;
using MeshIoT.Crypto;

namespace MeshIoT.WireGuard;

/// <summary>
/// Our side towards strangers: checks mac1 and mac2 of incoming handshake messages and hands out cookies. A cookie is a MAC of the
/// sender's address under a secret that changes every 120 s, so we keep nothing per sender. WireGuard paper, sections 5.3 and 5.4.7. The hashes
/// are kept, keyed: a stranger's flood makes no garbage.
/// </summary>
internal sealed class CookieChecker
{
    const int MacSize = CookieReplyMessage.CookieSize;

    readonly RandomSource random;
    readonly Blake2s mac1;
    readonly byte[] replyKey = new byte[ProtocolLimits.KeySize];
    readonly byte[] secret = new byte[ProtocolLimits.KeySize];
    readonly byte[] cookie = new byte[MacSize];
    readonly byte[] expected = new byte[MacSize];
    Blake2s? cookies;
    long secretSinceMs;

    public CookieChecker(RandomSource random, byte[] publicKey)
    {
        this.random = random;
        byte[] mac1Key = new byte[ProtocolLimits.KeySize];
        CookieLabels.DeriveMac1Key(publicKey, mac1Key);
        mac1 = new Blake2s(MacSize, mac1Key);
        CookieLabels.DeriveReplyKey(publicKey, replyKey);
    }

    /// <summary>Seals and opens cookies, here and for peers.</summary>
    public XChaChaPoly Box { get; } = new XChaChaPoly();

    public bool CheckMac1(byte[] message, int offset, int mac1At)
    {
        mac1.Update(message, offset, mac1At);
        mac1.Finish(expected, 0);
        return ConstantTime.Equal(expected, 0, message, offset + mac1At, MacSize);
    }

    /// <summary>True when the sender shows the cookie that belongs to the address it writes from.</summary>
    public bool CheckMac2(byte[] message, int offset, int mac1At, byte[] source, long nowMs)
    {
        int mac2At = mac1At + MacSize;
        if (cookies == null || !IsSecretFresh(nowMs) || ConstantTime.IsZero(message, offset + mac2At, MacSize))
        {
            return false;
        }

        MakeCookie(cookies, source);
        CookieLabels.Mac(cookie, message, offset, mac2At, expected, 0);
        return ConstantTime.Equal(expected, 0, message, offset + mac2At, MacSize);
    }

    /// <summary>Writes the 64-byte cookie reply to a refused handshake message.</summary>
    public void WriteReply(byte[] message, int offset, int mac1At, byte[] source, long nowMs, byte[] output, int outOffset)
    {
        if (cookies == null || !IsSecretFresh(nowMs))
        {
            random.Fill(secret, 0, secret.Length);
            secretSinceMs = nowMs;
            cookies?.Wipe();
            cookies = new Blake2s(MacSize, secret);
        }

        MakeCookie(cookies, source);
        LittleEndian.WriteUInt32(output, outOffset, (uint)MessageType.CookieReply);
        Array.Copy(message, offset + InitiationMessage.SenderAt, output, outOffset + CookieReplyMessage.ReceiverAt, 4);
        random.Fill(output, outOffset + CookieReplyMessage.NonceAt, CookieReplyMessage.NonceSize);
        Box.Seal(replyKey, 0, output, outOffset + CookieReplyMessage.NonceAt, message, offset + mac1At, MacSize, cookie, 0, MacSize, output, outOffset + CookieReplyMessage.CookieAt);
    }

    public void Wipe()
    {
        Array.Clear(secret, 0, secret.Length);
        Array.Clear(cookie, 0, MacSize);
        cookies?.Wipe();
        cookies = null;
    }

    void MakeCookie(Blake2s under, byte[] source)
    {
        under.Update(source, 0, ProtocolLimits.EndpointSize);
        under.Finish(cookie, 0);
    }

    bool IsSecretFresh(long nowMs) => nowMs - secretSinceMs < ProtocolLimits.CookieRefreshTimeMs;
}
