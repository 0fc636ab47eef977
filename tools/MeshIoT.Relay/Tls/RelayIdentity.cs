using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MeshIoT.Crypto;
using MeshIoT.Derp;
using MeshIoT.Health;

namespace MeshIoT.Relay;

/// <summary>Who a relay is: its DERP key, and the certificate of its door, from files or made here and kept. Secrets are files of mode 0600.</summary>
public sealed class RelayIdentity : IDisposable
{
    const string KeyFile = "relay.key", CertificateFile = "relay-tls.pem";

    RelayIdentity(NodePrivateKey key, X509Certificate2 certificate, IReadOnlyList<byte[]> chain, string? pin) =>
        (Key, Certificate, Chain, Pin) = (key, certificate, chain, pin);

    /// <summary>The DERP key.</summary>
    public NodePrivateKey Key { get; }

    /// <summary>With its private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>What lies between the certificate and a root.</summary>
    public IReadOnlyList<byte[]> Chain { get; }

    /// <summary>For a self-signed certificate: the CertName by which clients know it, <c>sha256-raw:…</c>. Null: the system's roots vouch for it.</summary>
    public string? Pin { get; }

    /// <summary>The DERP key from the directory (made there if it has none), and the certificate from PEM files.</summary>
    /// <exception cref="FaultException">A file cannot be used.</exception>
    public static RelayIdentity FromFiles(string directory, string certificateFile, string keyFile, RandomSource random)
    {
        NodePrivateKey key = ReadKey(directory, random);
        try
        {
            X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
            X509Certificate2Collection all = [];
            all.ImportFromPemFile(certificateFile);
            List<byte[]> chain = [];
            foreach (X509Certificate2 one in all)
            {
                if (!one.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span))
                {
                    chain.Add(one.RawData);
                }

                one.Dispose();
            }

            return new RelayIdentity(key, certificate, chain, certificate.Subject == certificate.Issuer ? PinOf(certificate) : null);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            string why = e is IOException or UnauthorizedAccessException ? "a file cannot be read" : "they are not a PEM certificate and the unencrypted key that belongs to it";
            throw Faults.RelayOptionInvalid.With("the relay's certificate or key", why).ToException(e);
        }
    }

    /// <summary>Key and self-signed certificate for <paramref name="host"/> from the directory; what it lacks is made. Another host gets a new certificate.</summary>
    /// <exception cref="FaultException">A file cannot be used.</exception>
    public static RelayIdentity SelfSigned(string directory, string host, RandomSource random)
    {
        NodePrivateKey key = ReadKey(directory, random);
        string path = Path.Combine(directory, CertificateFile);
        X509Certificate2? certificate = ReadCertificate(path);
        if (certificate is null || !certificate.MatchesHostname(host, allowWildcards: false, allowCommonName: false))
        {
            certificate?.Dispose();
            certificate = Make(host);
            Write(path, certificate.ExportCertificatePem() + "\n" + Pem(certificate) + "\n");
        }

        return new RelayIdentity(key, certificate, [], PinOf(certificate));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Key.Dispose();
        Certificate.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";

    static string PinOf(X509Certificate2 certificate) => DerpUpgrade.PinPrefix + Convert.ToHexStringLower(SHA256.HashData(certificate.RawDataMemory.Span));

    // It is trusted by its hash alone, so its dates say nothing; but clients look at them, and a gateway without a clock lives in 1970.
    static X509Certificate2 Make(string host)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(new X500DistinguishedName("CN=MeshIoT relay"), key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        if (IPAddress.TryParse(host, out IPAddress? address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero));
    }

    static string Pem(X509Certificate2 certificate)
    {
        using ECDsa key = certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }

    static X509Certificate2? ReadCertificate(string path)
    {
        try
        {
            return File.Exists(path) ? X509Certificate2.CreateFromPemFile(path) : null;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Faults.RelayStateUnusable.With(path, "it does not read as a certificate with its key").ToException(e);
        }
    }

    static NodePrivateKey ReadKey(string directory, RandomSource random)
    {
        string path = Path.Combine(directory, KeyFile);
        try
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            if (File.Exists(path))
            {
                return NodePrivateKey.TryParse(File.ReadAllText(path).Trim(), out NodePrivateKey? kept) ? kept : throw Faults.RelayStateUnusable.With(path, "it does not hold a key").ToException();
            }

            byte[] bytes = new byte[32];
            random.Fill(bytes, 0, bytes.Length);
            NodePrivateKey key = NodePrivateKey.FromBytes(bytes);
            Write(path, "privkey:" + Convert.ToHexStringLower(bytes) + "\n");
            CryptographicOperations.ZeroMemory(bytes);
            return key;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Faults.RelayStateUnusable.With(path, "it cannot be read or written").ToException(e);
        }
    }

    static void Write(string path, string text)
    {
        string fresh = path + ".new";
        try
        {
            FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
            using (FileStream file = new(fresh, options))
            {
                file.Write(System.Text.Encoding.ASCII.GetBytes(text));
                file.Flush(flushToDisk: true);
            }

            File.Move(fresh, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Faults.RelayStateUnusable.With(path, "it cannot be written").ToException(e);
        }
    }
}
