using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MeshIoT.Health;

namespace MeshIoT.Relay;

/// <summary>What all TLS connections of one relay share: certificate, key, protocol versions. TLS 1.2 and later; data-plane.md section 4.3.</summary>
internal sealed unsafe class TlsContext : IDisposable
{
    // AES-128 first; a client without instructions for AES puts ChaCha20 first, and then gets it.
    static readonly byte[] CipherSuites = [.. "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384\0"u8];

    nint context;

    /// <param name="certificate">With its private key, ECDSA or RSA.</param>
    /// <param name="above">What is presented after it.</param>
    /// <exception cref="FaultException">OpenSSL is not there or does not take them.</exception>
    public TlsContext(X509Certificate2 certificate, IEnumerable<byte[]> above)
    {
        try
        {
            context = LibSsl.SSL_CTX_new(LibSsl.TLS_server_method());
        }
        catch (DllNotFoundException e)
        {
            throw Faults.RelayNeedsOpenSsl.With().ToException(e);
        }

        Require(context != 0, "it makes no context");
        Set(LibSsl.ControlMinProtocol, LibSsl.Tls12);
        Set(LibSsl.ControlSessionCache, 0);
        Set(LibSsl.ControlMode, LibSsl.ModePartialWrite | LibSsl.ModeMovingBuffer | LibSsl.ModeReleaseBuffers);
        LibSsl.SSL_CTX_set_options(context, LibSsl.OptionIgnoreUnexpectedEof | LibSsl.OptionNoCompression | LibSsl.OptionServerPreference | LibSsl.OptionPrioritizeChaCha | LibSsl.OptionNoRenegotiation);
        fixed (byte* list = CipherSuites)
        {
            Require(LibSsl.SSL_CTX_set_ciphersuites(context, list) == 1, "it does not know the cipher suites of TLS 1.3");
        }

        // No tickets: a resumed session shows no certificates, so the client could not begin to speak DERP with its first flight.
        LibSsl.SSL_CTX_set_num_tickets(context, 0);
        UseKey(certificate);
        foreach (byte[] der in above)
        {
            Append(der);
        }
    }

    /// <summary>A new connection's state; 0 when there is no memory.</summary>
    public nint NewSsl() => LibSsl.SSL_new(context);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (context != 0)
        {
            LibSsl.SSL_CTX_free(context);
            context = 0;
        }
    }

    void UseKey(X509Certificate2 certificate)
    {
        byte[] der = certificate.RawData;
        using ECDsa? ec = certificate.GetECDsaPrivateKey();
        using RSA? rsa = ec is null ? certificate.GetRSAPrivateKey() : null;
        byte[] key = ec?.ExportECPrivateKey() ?? rsa?.ExportRSAPrivateKey() ?? [];
        try
        {
            fixed (byte* d = der, k = key)
            {
                Require(
                    LibSsl.SSL_CTX_use_certificate_ASN1(context, der.Length, d) == 1
                    && LibSsl.SSL_CTX_use_PrivateKey_ASN1(ec is null ? LibSsl.KeyTypeRsa : LibSsl.KeyTypeEc, context, k, key.Length) == 1
                    && LibSsl.SSL_CTX_check_private_key(context) == 1,
                    "it does not take the certificate with this key");
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    void Append(byte[] der)
    {
        fixed (byte* first = der)
        {
            byte* at = first;
            nint parsed = LibSsl.d2i_X509(null, &at, der.Length);
            Require(parsed != 0, "it does not read a certificate of the chain");

            // The context owns it from here on.
            if (LibSsl.SSL_CTX_ctrl(context, LibSsl.ControlExtraChain, 0, parsed) != 1)
            {
                LibSsl.X509_free(parsed);
                Require(false, "it does not take a certificate of the chain");
            }
        }
    }

    void Set(int command, nint value) => LibSsl.SSL_CTX_ctrl(context, command, value, 0);

    void Require(bool good, string why)
    {
        if (!good)
        {
            LibSsl.ERR_clear_error();
            Dispose();
            throw Faults.RelayTlsFailed.With(why).ToException();
        }
    }
}
