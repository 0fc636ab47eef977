using System;
using System.IO;
using System.Security.Cryptography.X509Certificates;
using MeshIoT.Crypto;
using MeshIoT.Health;
using Xunit;

namespace MeshIoT.Relay.Tests;

/// <summary>Key and certificate of a relay, and what becomes of them.</summary>
public sealed class IdentityTests : IDisposable
{
    readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("meshiot-relay-identity-");

    public void Dispose() => directory.Delete(recursive: true);

    RelayIdentity Open(string host) => RelayIdentity.SelfSigned(directory.FullName, host, new SystemRandomSource());

    [Fact]
    public void A_restart_keeps_key_and_certificate()
    {
        using RelayIdentity first = Open("192.0.2.7"), second = Open("192.0.2.7");
        Assert.Equal((first.Key.PublicKey, first.Pin), (second.Key.PublicKey, second.Pin));
        Assert.All(directory.GetFiles(), f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, f.UnixFileMode));
        Assert.Equal("[redacted]", first.ToString());
    }

    [Fact]
    public void Another_host_gets_another_certificate_and_the_key_stays()
    {
        using RelayIdentity first = Open("192.0.2.7"), second = Open("relay.example");
        Assert.Equal(first.Key.PublicKey, second.Key.PublicKey);
        Assert.NotEqual(first.Pin, second.Pin);
        Assert.True(second.Certificate.MatchesHostname("relay.example"));
    }

    [Fact]
    public void A_gateway_whose_clock_stands_at_1970_or_far_ahead_takes_the_certificate()
    {
        using RelayIdentity identity = Open("relay.example");
        Assert.True(identity.Certificate.NotBefore.ToUniversalTime() <= DateTime.UnixEpoch);
        Assert.True(identity.Certificate.NotAfter.Year >= 9999);
    }

    [Theory]
    [InlineData("relay.key")]
    [InlineData("relay-tls.pem")]
    public void A_file_that_does_not_read_is_a_fault_and_stays_as_it_is(string file)
    {
        Open("192.0.2.7").Dispose();
        string path = Path.Combine(directory.FullName, file);
        File.WriteAllText(path, "a shopping list");
        FaultException fault = Assert.Throws<FaultException>(() => Open("192.0.2.7"));
        Assert.Equal("relay-state-unusable", fault.Report.Fault.Code);
        Assert.Equal("a shopping list", File.ReadAllText(path));
    }

    [Fact]
    public void The_meta_certificate_names_the_relay_and_the_protocol()
    {
        using RelayIdentity identity = Open("192.0.2.7");
        using X509Certificate2 meta = X509CertificateLoader.LoadCertificate(MetaCertificate.Make(identity.Key.PublicKey, DateTimeOffset.UnixEpoch.AddYears(56)));
        Assert.Equal("CN=derpkey" + identity.Key.PublicKey.ToString()["nodekey:".Length..], meta.Subject);
        Assert.Equal("02", meta.SerialNumber);
    }
}
