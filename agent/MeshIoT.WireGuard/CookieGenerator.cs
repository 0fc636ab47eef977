using System;
using MeshIoT.Crypto;

namespace MeshIoT.WireGuard;

/// <summary>
/// Our side towards one peer: stamps mac1 and, while we hold a cookie, mac2 on handshake messages, and takes cookies from the peer's
/// replies. WireGuard paper, sections 5.4.4 and 5.4.7.
/// </summary>
internal sealed class CookieGenerator
{
    const int MacSize = CookieReplyMessage.CookieSize;

    readonly byte[] mac1Key = new byte[ProtocolLimits.KeySize];
    readonly byte[] replyKey = new byte[ProtocolLimits.KeySize];
    readonly byte[] cookie = new byte[MacSize];
    readonly byte[] lastMac1 = new byte[MacSize];
    long cookieSinceMs;
    bool hasCookie;
    bool awaitsReply;

    public CookieGenerator(byte[] peerPublicKey)
    {
        CookieLabels.DeriveMac1Key(peerPublicKey, mac1Key);
        CookieLabels.DeriveReplyKey(peerPublicKey, replyKey);
    }

    public void AddMacs(byte[] message, int offset, int mac1At, long nowMs)
    {
        CookieLabels.Mac(mac1Key, message, offset, mac1At, message, offset + mac1At);
        Array.Copy(message, offset + mac1At, lastMac1, 0, MacSize);
        awaitsReply = true;
        int mac2At = mac1At + MacSize;
        if (hasCookie && nowMs - cookieSinceMs < ProtocolLimits.CookieRefreshTimeMs)
        {
            CookieLabels.Mac(cookie, message, offset, mac2At, message, offset + mac2At);
        }
        else
        {
            Array.Clear(message, offset + mac2At, MacSize);
        }
    }

    /// <summary>Takes the cookie out of a reply; false when it does not answer our last message, which then still awaits its reply.</summary>
    public bool Consume(byte[] reply, int offset, XChaChaPoly box, long nowMs)
    {
        // Whatever does not open leaves the cookie as it is.
        if (!awaitsReply || !box.Open(replyKey, 0, reply, offset + CookieReplyMessage.NonceAt, lastMac1, 0, MacSize, reply, offset + CookieReplyMessage.CookieAt, CookieReplyMessage.SealedCookieSize, cookie, 0))
        {
            return false;
        }

        cookieSinceMs = nowMs;
        hasCookie = true;
        awaitsReply = false;
        return true;
    }

    public void Wipe()
    {
        Array.Clear(cookie, 0, MacSize);
        hasCookie = false;
        awaitsReply = false;
    }
}
