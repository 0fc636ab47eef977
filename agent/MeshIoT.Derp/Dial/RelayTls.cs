using System;
using System.IO;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;

namespace MeshIoT.Derp;

/// <summary>Speaks TLS with a relay and judges its certificate. data-plane.md section 4.1, points 2 and 4.</summary>
internal static class RelayTls
{
    const int MostCertificates = 8;

    static ReadOnlySpan<byte> MetaSerial => [DerpFrames.ProtocolVersion];

    /// <summary>
    /// The encrypted stream; the relay's key where an extra certificate told it, zero otherwise. Throws a fault for a certificate that
    /// does not hold. Owns <paramref name="transport"/> from the start.
    /// </summary>
    public static async Task<(SslStream Stream, NodePublicKey RelayKey)> OpenAsync(
        Stream transport, RelayNode node, string relay, DerpPoolOptions options, CancellationToken cancellationToken)
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
            await tls.AuthenticateAsClientAsync(judge.ClientOptions(), cancellationToken).ConfigureAwait(false);
            return (tls, tls.SslProtocol == SslProtocols.Tls13 ? relayKey : default);
        }
        catch (Exception e)
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            if (judge.Refusal is { } refusal)
            {
                throw refusal.ToException(e);
            }

            throw e is AuthenticationException ? Faults.NotARelay.With(relay, "it does not speak TLS as expected").ToException(e) : e;
        }
    }

    // Everything the relay sent besides its own certificate is in the extra store, whether the chain needs it or not.
    static NodePublicKey FindKey(X509Chain? chain)
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
