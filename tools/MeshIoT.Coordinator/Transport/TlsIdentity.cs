using System;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MeshIoT.Health;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace MeshIoT.Coordinator;

/// <summary>By what the network's door is https: a certificate with its key, and what lies between it and a root. Read once; a renewed one needs a restart.</summary>
internal sealed class TlsIdentity : IDisposable
{
    readonly X509Certificate2 certificate;
    readonly X509Certificate2Collection chain = [];

    TlsIdentity(X509Certificate2 certificate) => this.certificate = certificate;

    /// <summary>Reads PEM files: the certificate first, those above it after it; and its unencrypted key.</summary>
    /// <exception cref="FaultException">One cannot be read, or they do not belong together.</exception>
    public static TlsIdentity Read(string certificateFile, string keyFile)
    {
        try
        {
            TlsIdentity identity = new(X509Certificate2.CreateFromPemFile(certificateFile, keyFile));
            identity.chain.ImportFromPemFile(certificateFile);
            return identity;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            string why = e switch
            {
                FileNotFoundException or DirectoryNotFoundException => "a file does not exist",
                UnauthorizedAccessException => "a file may not be read",
                _ => "they are not a PEM certificate and the unencrypted key that belongs to it",
            };
            throw Faults.CoordinatorOptionInvalid.With("--tls-cert or --tls-key", why).ToException(e);
        }
    }

    /// <summary>What Kestrel needs of it.</summary>
    public void Configure(HttpsConnectionAdapterOptions https)
    {
        https.ServerCertificate = certificate;
        https.ServerCertificateChain = chain;
        https.HandshakeTimeout = TimeSpan.FromSeconds(10);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        certificate.Dispose();
        foreach (X509Certificate2 above in chain)
        {
            above.Dispose();
        }
    }

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}
