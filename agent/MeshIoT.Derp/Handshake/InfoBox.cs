using System;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MeshIoT.Crypto;

namespace MeshIoT.Derp;

/// <summary>
/// The boxes of the handshake: a nonce, then a NaCl box of a JSON text under the key that the two node keys share. Whoever makes a box
/// that opens holds the private half of the key it names: that is all the authentication there is. data-plane.md section 4.2.
/// </summary>
internal sealed class InfoBox : IDisposable
{
    /// <summary>Bytes a body is longer than its text.</summary>
    public const int Overhead = NaClBox.NonceSize + NaClBox.TagSize;

    readonly byte[] shared = GC.AllocateArray<byte>(32, pinned: true);

    InfoBox()
    {
    }

    /// <summary>The box between a private and a public key; null when the public one is a point of small order, which shares no secret.</summary>
    public static InfoBox? TryCreate(CryptoSuite suite, NodePrivateKey own, NodePublicKey other)
    {
        byte[] priv = GC.AllocateArray<byte>(32, pinned: true);
        own.Bytes.CopyTo(priv);
        InfoBox box = new();
        bool good = NaClBox.Precompute(suite, priv, other.ToArray(), box.shared);
        CryptographicOperations.ZeroMemory(priv);
        return good ? box : null;
    }

    /// <summary>Nonce and box of the value's JSON.</summary>
    public byte[] Seal<T>(RandomSource random, T value, JsonTypeInfo<T> type)
    {
        byte[] text = JsonSerializer.SerializeToUtf8Bytes(value, type);
        byte[] body = new byte[Overhead + text.Length];
        random.Fill(body, 0, NaClBox.NonceSize);
        NaClBox.Seal(shared, body, 0, text, 0, text.Length, body, NaClBox.NonceSize);
        CryptographicOperations.ZeroMemory(text);
        return body;
    }

    /// <summary>Opens a nonce and a box, and reads its JSON; false when either is not good.</summary>
    public HandshakeFault TryOpen<T>(ReadOnlySpan<byte> sealedBody, JsonTypeInfo<T> type, out T? value)
        where T : class
    {
        value = null;
        if (sealedBody.Length < Overhead)
        {
            return HandshakeFault.Malformed;
        }

        byte[] body = sealedBody.ToArray(), text = new byte[body.Length - Overhead];
        if (!NaClBox.Open(shared, body, 0, body, NaClBox.NonceSize, body.Length - NaClBox.NonceSize, text, 0))
        {
            return HandshakeFault.NotGenuine;
        }

        value = TryRead(text, type);
        CryptographicOperations.ZeroMemory(text);
        return value is null ? HandshakeFault.Malformed : HandshakeFault.None;
    }

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(shared);

    [SuppressMessage("Design", "CA1031", Justification = "what arrives is hostile: a text that is no info is malformed, whatever the parser thinks of it")]
    static T? TryRead<T>(byte[] text, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(text, type);
        }
        catch (Exception)
        {
            return null;
        }
    }
}
