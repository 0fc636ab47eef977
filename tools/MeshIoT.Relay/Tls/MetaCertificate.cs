using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MeshIoT.Crypto;
using MeshIoT.Derp;

namespace MeshIoT.Relay;

/// <summary>
/// The extra certificate behind the real ones that tells clients the relay's key within the TLS handshake: they begin to speak DERP a round
/// trip earlier. Nobody trusts it for anything. data-plane.md section 4.1.
/// </summary>
internal static class MetaCertificate
{
    /// <summary>A new one, in DER.</summary>
    public static byte[] Make(NodePublicKey relay, DateTimeOffset now)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        X500DistinguishedName name = new("CN=" + DerpUpgrade.MetaCertificateName(relay));
        CertificateRequest request = new(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        using X509Certificate2 made = request.Create(name, X509SignatureGenerator.CreateForECDsa(key), now.AddDays(-30), now.AddYears(10), [DerpFrames.ProtocolVersion]);
        return made.RawData;
    }
}
