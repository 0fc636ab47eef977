using System;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MeshIoT.Crypto;

namespace MeshIoT.Derp;

/// <summary>Speaks TLS with a relay and judges its certificate. data-plane.md section 4.1, points 2 and 4.</summary>
internal static class RelayTls
{
    const int MostCertificates = 8;

    static ReadOnlySpan<byte> MetaSerial => [DerpFrames.ProtocolVersion];

    /// <summary>
    /// The encrypted stream; the relay's key where an extra certificate told it, zero otherwise. Throws a fault for a certificate that
    /// does not hold. The stream owns <paramref name="transport"/>.
    /// </summary>
    public static (SslStream Stream, NodePublicKey RelayKey) Open(Transport transport, RelayNode node, string relay, DerpPoolOptions options)
    {
        CertificateJudge judge = new(node, relay, options);
        NodePublicKey relayKey = default;
        SslStream tls = new(transport, leaveInnerStreamOpen: false, (_, certificate, chain, _) =>
        {
            relayKey = FindKey(chain);
            return certificate is X509Certificate2 leaf && judge.Accepts(leaf, chain);
        });
        try
        {
            tls.AuthenticateAsClient(judge.ClientOptions());
            return (tls, tls.SslProtocol == SslProtocols.Tls13 ? relayKey : default);
        }
        catch (Exception e)
        {
            tls.Dispose();
            if (judge.Refusal is { } refusal)
            {
                throw refusal.ToException(e);
            }

            throw;
        }
    }

    /// <summary>The key in the extra certificate. Everything the relay sent besides its own is in the extra store, whether the chain needs it or not.</summary>
    internal static NodePublicKey FindKey(X509Chain? chain)
    {
        X509Certificate2Collection extra = chain?.ChainPolicy.ExtraStore ?? [];
        for (int i = 0; i < extra.Count && i < MostCertificates; i++)
        {
            X509Certificate2 certificate = extra[i];
            if (certificate.SerialNumberBytes.Span.SequenceEqual(MetaSerial)
                && DerpUpgrade.TryReadMetaCertificateName(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false), out NodePublicKey key))
            {
                return key;
            }
        }

        return default;
    }
}
