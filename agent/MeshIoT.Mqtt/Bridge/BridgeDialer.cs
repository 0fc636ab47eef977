using System;
using System.IO;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;

namespace MeshIoT.Mqtt.Bridge;

/// <summary>Makes the stream of a bridge: by the tailnet or the machine's own network, with TLS where the bridge asks for it. OpenSSL is touched only then.</summary>
/// <param name="connect">Connects by the tailnet; null where the address is none of its. May be null itself.</param>
public sealed class BridgeDialer(Func<string, int, CancellationToken, ValueTask<Stream?>>? connect)
{
    /// <summary>Connects. Throws a fault for what a person has to put right, and what sockets and TLS throw.</summary>
    public async ValueTask<Stream> DialAsync(BridgeOptions options, CancellationToken ct)
    {
        if (options.IsTls && !TlsLibrary.IsPresent)
        {
            throw Faults.BridgeTlsLibraryMissing.With(options.Name).ToException();
        }

        Stream stream = (connect is null ? null : await connect(options.Host, options.Port, ct)) ?? await PlainAsync(options, ct);
        try
        {
            return options.IsTls ? await SecureAsync(stream, options, ct) : stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    static async Task<Stream> PlainAsync(BridgeOptions options, CancellationToken ct)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(options.Host, options.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    static async Task<Stream> SecureAsync(Stream stream, BridgeOptions options, CancellationToken ct)
    {
        SslClientAuthenticationOptions tls = new() { TargetHost = options.Host, EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13 };
        if (options.CertificateFile.Length > 0)
        {
            tls.ClientCertificates = [Load(options, options.CertificateFile, () => X509Certificate2.CreateFromPemFile(options.CertificateFile, options.KeyFile.Length > 0 ? options.KeyFile : null))];
        }

        if (options.AuthorityFile.Length > 0)
        {
            X509Certificate2Collection authorities = Load(options, options.AuthorityFile, () =>
            {
                X509Certificate2Collection found = [];
                found.ImportFromPemFile(options.AuthorityFile);
                return found;
            });
            tls.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        SslStream secure = new(stream);
        await secure.AuthenticateAsClientAsync(tls, ct);
        return secure;
    }

    static T Load<T>(BridgeOptions options, string path, Func<T> load)
    {
        try
        {
            return load();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw Faults.BridgeFileUnusable.With(options.Name, path, e.Message.TrimEnd('.')).ToException(e);
        }
    }
}
