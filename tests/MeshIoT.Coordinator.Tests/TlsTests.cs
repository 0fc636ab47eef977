using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Tailcfg;
using Xunit;

namespace MeshIoT.Coordinator.Tests;

/// <summary>The network's door as https: the key, the upgrade inside TLS, and files that are wrong.</summary>
public class TlsTests
{
    [Fact]
    public async Task A_node_joins_through_an_upgrade_inside_tls_and_the_administration_knows_that_it_is_private()
    {
        using TemporaryDirectory directory = new();
        (string cert, string key) = Make(directory, "localhost");
        using TlsIdentity tls = TlsIdentity.Read(cert, key);
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync(tls: tls);
        using SocketsHttpHandler handler = new() { SslOptions = { RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.Subject == "CN=localhost" } };
        using HttpClient http = new(handler) { BaseAddress = new Uri($"https://{coordinator.Listening}/") };
        Assert.Contains(coordinator.ServerKey.ToString(), await http.GetStringAsync("key?v=130"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("api/v1/nodes")).StatusCode);

        using MachinePrivateKey machine = MachinePrivateKey.Generate(new SystemRandomSource());
        await using WireClient client = new(coordinator.Listening, coordinator.ServerKey, machine, wrap: async plain =>
        {
            SslStream secure = new(plain, false, (_, _, _, _) => true);
            await secure.AuthenticateAsClientAsync("localhost");
            return secure;
        });
        RegisterResponse joined = await client.RegisterAsync(new RegisterRequest
        {
            Version = 130,
            NodeKey = NodePrivateKey.Generate(new SystemRandomSource()).PublicKey,
            Auth = new RegisterAuth { AuthKey = await coordinator.CreateKeyAsync() },
            Hostinfo = new Hostinfo { Hostname = "secure", OS = "linux" },
        });
        Assert.Equal(("", true), (joined.Error, joined.MachineAuthorized));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => new HttpClient().GetAsync($"http://{coordinator.Listening}/key?v=130"));
    }

    [Fact]
    public void Files_that_are_none_or_do_not_belong_together_are_named()
    {
        using TemporaryDirectory directory = new();
        (string cert, string key) = Make(directory, "a");
        (_, string other) = Make(directory, "b");
        Uri https = new("https://coord.example.net/"), http = new("http://coord.example.net/");
        Assert.Null(ServeValues.Tls(null, null, http));
        foreach ((string? c, string? k, Uri? url) in new[] { (cert, null, https), (null, key, https), (cert, key, http), (cert, key, null), (cert, other, https), (key, cert, https), (cert + ".no", key, https), (directory.Path, key, https) })
        {
            Assert.Equal("coordinator-option-invalid", Assert.Throws<FaultException>(() => ServeValues.Tls(c, k, url)).Report.Fault.Code);
        }

        using TlsIdentity good = ServeValues.Tls(cert, key, https)!;
        Assert.Equal("[redacted]", good.ToString());
    }

    internal static (string Certificate, string Key) Make(TemporaryDirectory directory, string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=" + name, key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(directory.Of(name + ".pem"), certificate.ExportCertificatePem());
        File.WriteAllText(directory.Of(name + ".key"), key.ExportPkcs8PrivateKeyPem());
        return (directory.Of(name + ".pem"), directory.Of(name + ".key"));
    }
}
