using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using MeshIoT.Tailcfg;

namespace MeshIoT.Derp.Tests;

/// <summary>A relay on loopback behind TLS; each connection becomes a <see cref="ScriptedRelay"/>.</summary>
sealed class TlsRelay : IDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource stop = new();
    readonly Channel<ScriptedRelay> connections = Channel.CreateUnbounded<ScriptedRelay>();

    public TlsRelay(X509Certificate2 certificate)
    {
        Certificate = certificate;
        listener.Start();
        _ = AcceptAsync();
    }

    public X509Certificate2 Certificate { get; }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public string Pin => Convert.ToHexStringLower(SHA256.HashData(Certificate.RawData));

    public static X509Certificate2 SelfSigned(string name, DateTimeOffset from, DateTimeOffset to) => Make(name, from, to, null, isAuthority: false);

    public static X509Certificate2 Make(string name, DateTimeOffset from, DateTimeOffset to, X509Certificate2? issuer, bool isAuthority)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, isAuthority));
        if (!isAuthority)
        {
            SubjectAlternativeNameBuilder names = new();
            names.AddDnsName(name);
            request.CertificateExtensions.Add(names.Build());
        }

        if (issuer is null)
        {
            return request.CreateSelfSigned(from, to);
        }

        using X509Certificate2 signed = request.Create(issuer, from, to, [1, 2, 3]);
        using X509Certificate2 whole = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pfx), null);
    }

    public DerpMap Map(string host, string? certName = null, bool insecure = false) => new()
    {
        Regions = new Dictionary<int, DerpRegion?>
        {
            [1] = new() { RegionCode = "tls", Nodes = [new() { Name = "1a", HostName = host, IPv4 = "127.0.0.1", IPv6 = "none", DERPPort = Port, CertName = certName, InsecureForTests = insecure }] },
        },
    };

    public async Task<ScriptedRelay> NextAsync() => await connections.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));

    public void Dispose()
    {
        stop.Cancel();
        listener.Stop();
        Certificate.Dispose();
        stop.Dispose();
    }

    async Task AcceptAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            TcpClient client;
            try
            {
                client = await listener.AcceptTcpClientAsync(stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            _ = Task.Run(async () =>
            {
                SslStream tls = new(client.GetStream());
                try
                {
                    await tls.AuthenticateAsServerAsync(Certificate);
                    connections.Writer.TryWrite(new(tls, null!));
                }
                catch (Exception e) when (e is System.Security.Authentication.AuthenticationException or System.IO.IOException)
                {
                    await tls.DisposeAsync();
                }
            });
        }
    }
}

/// <summary>The system's timers under another date.</summary>
sealed class OtherDate(DateTimeOffset now) : TimeProvider
{
    readonly TimeSpan offset = now - DateTimeOffset.UtcNow;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow + offset;
}
