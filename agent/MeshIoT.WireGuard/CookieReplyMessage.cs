namespace MeshIoT.WireGuard;

/// <summary>Where the fields of a cookie reply lie. WireGuard paper, section 5.4.7.</summary>
internal static class CookieReplyMessage
{
    public const int ReceiverAt = 4, NonceAt = 8, CookieAt = 32, Size = 64;
    public const int NonceSize = 24, CookieSize = 16, SealedCookieSize = 32;
}
