using System;
using System.Globalization;
using System.Linq;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MeshIoT.Health;

namespace MeshIoT.Derp;

/// <summary>
/// Decides whether a relay's certificate holds.
/// <list type="bullet">
/// <item>A pinned certificate is the one whose hash the relay map names: nothing else is asked, in particular no date. The pin says more than
/// a date does, and a gateway whose clock is wrong must still be reachable.</item>
/// <item>Any other must be for the relay's name and come from an authority of the system or of <see cref="DerpPoolOptions.ExtraAuthorities"/>.
/// Its dates count, except on a machine whose clock is certainly wrong (before <see cref="DerpPoolOptions.NotBefore"/>): what a relay
/// carries is encrypted end to end, and being cut off would be worse than a relay with an old certificate.</item>
/// </list>
/// </summary>
internal sealed class CertificateJudge(RelayNode node, string relay, DerpPoolOptions options)
{
    /// <summary>Why the certificate was not accepted; null while none was refused.</summary>
    public FaultReport? Refusal { get; private set; }

    string Name => node.CertName ?? node.HostOrAddress;

    DateTimeOffset Now => options.Time.GetUtcNow();

    bool IsClockWrong => Now < options.NotBefore;

    /// <summary>What the TLS library is told: no revocation lists, nothing fetched from where a stranger's certificate says.</summary>
    public SslClientAuthenticationOptions ClientOptions() => new()
    {
        TargetHost = node.HostOrAddress,
        AllowRenegotiation = false,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = Policy(),
    };

    /// <summary>Whether it holds; otherwise <see cref="Refusal"/> says why not.</summary>
    public bool Accepts(X509Certificate2 leaf, X509Chain? chain)
    {
        if (node.InsecureForTests)
        {
            return true;
        }

        if (node.Pin is { } pin)
        {
            bool same = pin.Equals(Convert.ToHexString(SHA256.HashData(leaf.RawDataMemory.Span)), StringComparison.OrdinalIgnoreCase);
            Refusal = same ? null : Faults.RelayPinMismatch.With(relay);
            return same;
        }

        if (!leaf.MatchesHostname(Name, allowWildcards: true, allowCommonName: false))
        {
            return Refuse($"it is not for {Name}");
        }

        X509ChainStatusFlags flaws = Flaws(chain);
        if (flaws != X509ChainStatusFlags.NoError && options.ExtraAuthorities is { Count: > 0 } extra)
        {
            flaws = WithAuthorities(leaf, chain, extra);
        }

        if (IsClockWrong)
        {
            flaws &= ~X509ChainStatusFlags.NotTimeValid;
        }

        return flaws == X509ChainStatusFlags.NoError || Refuse(Describe(flaws));
    }

    bool Refuse(string why)
    {
        Refusal = Faults.RelayCertificate.With(relay, why);
        return false;
    }

    X509ChainPolicy Policy() => new()
    {
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
        VerificationTimeIgnored = false,
        VerificationTime = (IsClockWrong ? options.NotBefore : Now).LocalDateTime,
    };

    X509ChainStatusFlags WithAuthorities(X509Certificate2 leaf, X509Chain? presented, X509Certificate2Collection authorities)
    {
        using X509Chain chain = new() { ChainPolicy = Policy() };
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1")); // server authentication
        if (presented is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);
        }

        chain.Build(leaf);
        return Flaws(chain);
    }

    static X509ChainStatusFlags Flaws(X509Chain? chain) =>
        chain is null ? X509ChainStatusFlags.PartialChain : chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, static (all, status) => all | status.Status);

    string Describe(X509ChainStatusFlags flaws)
    {
        if ((flaws & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0)
        {
            return "no authority that this machine trusts has signed it";
        }

        return flaws.HasFlag(X509ChainStatusFlags.NotTimeValid)
            ? "it has expired or is not valid yet, by this machine's clock (" + Now.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + ")"
            : "it is not fit for a server (" + flaws + ")";
    }
}
