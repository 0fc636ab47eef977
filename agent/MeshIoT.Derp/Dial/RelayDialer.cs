using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;

namespace MeshIoT.Derp;

/// <summary>Opens connections to relays: TCP, perhaps through a proxy, TLS, the HTTP upgrade. data-plane.md section 4.1, points 1 to 4.</summary>
internal sealed class RelayDialer(DerpPoolOptions options)
{
    /// <summary>Dials one relay; throws a <see cref="FaultException"/> that names <paramref name="relay"/>, or for the token.</summary>
    public async Task<DialedRelay> DialAsync(RelayNode node, string relay, string? idealNode, CancellationToken cancellationToken)
    {
        Stream? stream = null;
        try
        {
            NodePublicKey relayKey = default;
            IPAddress? local = null;
            if (options.OpenStream is { } open)
            {
                stream = await open(node, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                if (!options.PlainHttpForTests && !TlsLibrary.IsPresent)
                {
                    throw Faults.RelayTlsLibraryMissing.With(relay).ToException();
                }

                NetworkStream network = await OpenTransportAsync(node, relay, cancellationToken).ConfigureAwait(false);
                stream = network;
                local = (network.Socket.LocalEndPoint as IPEndPoint)?.Address;
                if (!options.PlainHttpForTests)
                {
                    stream = null; // the TLS stream owns it from here on
                    (stream, relayKey) = await RelayTls.OpenAsync(network, node, relay, options, cancellationToken).ConfigureAwait(false);
                }
            }

            await stream.WriteAsync(Request(node, idealNode, fast: !relayKey.IsZero), cancellationToken).ConfigureAwait(false);
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            ReadOnlyMemory<byte> early = relayKey.IsZero ? await UpgradeAsync(stream, relay, cancellationToken).ConfigureAwait(false) : default;
            DialedRelay dialed = new(node, stream, relayKey, early, local);
            stream = null;
            return dialed;
        }
        catch (Exception e) when (e is not (OperationCanceledException or FaultException))
        {
            throw RelayFaults.From(e, relay).ToException(e);
        }
        finally
        {
            if (stream is not null)
            {
                await stream.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    async Task<NetworkStream> OpenTransportAsync(RelayNode node, string relay, CancellationToken cancellationToken)
    {
        if (options.Proxy is { } proxy && proxy.AppliesTo(node))
        {
            IPAddress[] hops = await ResolveAsync(proxy.Host, AddressFamily.Unspecified, cancellationToken).ConfigureAwait(false);
            Socket socket = await TcpRace.ConnectAsync(hops, proxy.Port, options.Time, cancellationToken).ConfigureAwait(false);
            NetworkStream hop = Wrap(socket);
            await ProxyTunnel.OpenAsync(hop, proxy, node, relay, cancellationToken).ConfigureAwait(false);
            return hop;
        }

        List<IPAddress> addresses = [];
        await AddAsync(addresses, node.IPv6, node.Host, AddressFamily.InterNetworkV6, cancellationToken).ConfigureAwait(false);
        await AddAsync(addresses, node.IPv4, node.Host, AddressFamily.InterNetwork, cancellationToken).ConfigureAwait(false);
        return addresses.Count > 0
            ? Wrap(await TcpRace.ConnectAsync(addresses, node.Port, options.Time, cancellationToken).ConfigureAwait(false))
            : throw Faults.RelayNameUnknown.With(relay).ToException();
    }

    static async Task AddAsync(List<IPAddress> addresses, string? given, string host, AddressFamily family, CancellationToken cancellationToken)
    {
        if (given == "none")
        {
            return;
        }

        if (given is not null && IPAddress.TryParse(given, out IPAddress? address))
        {
            addresses.Add(address);
        }
        else if (host.Length > 0)
        {
            try
            {
                addresses.AddRange(await ResolveAsync(host, family, cancellationToken).ConfigureAwait(false));
            }
            catch (SocketException)
            {
                // No address of that family; without any of the other either, the name is unknown.
            }
        }
    }

    static async Task<IPAddress[]> ResolveAsync(string host, AddressFamily family, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out IPAddress? literal))
        {
            return family == AddressFamily.Unspecified || literal.AddressFamily == family ? [literal] : [];
        }

        return await Dns.GetHostAddressesAsync(host, family, cancellationToken).ConfigureAwait(false);
    }

    static NetworkStream Wrap(Socket socket)
    {
        RelaySocket.Tune(socket);
        return new NetworkStream(socket, ownsSocket: true);
    }

    static byte[] Request(RelayNode node, string? idealNode, bool fast) => Encoding.ASCII.GetBytes(
        $"GET {DerpUpgrade.Path} HTTP/1.1\r\nHost: {node.Authority}\r\nUpgrade: {DerpUpgrade.Protocol}\r\nConnection: Upgrade\r\n"
        + (idealNode is null ? "" : $"{DerpUpgrade.IdealNodeHeader}: {idealNode}\r\n")
        + (fast ? $"{DerpUpgrade.FastStartHeader}: 1\r\n" : "") + "\r\n");

    static async Task<ReadOnlyMemory<byte>> UpgradeAsync(Stream stream, string relay, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[HttpHead.MaxLength];
        (HttpHead? head, int filled) = await HttpHead.ReadAsync(stream, buffer, cancellationToken).ConfigureAwait(false);
        if (head is null)
        {
            throw Faults.NotARelay.With(relay, filled == 0 ? "it closed the connection without an answer" : "it does not speak HTTP").ToException();
        }

        if (head.Status != 101 || !string.Equals(head.Header("Upgrade"), DerpUpgrade.Protocol, StringComparison.OrdinalIgnoreCase))
        {
            bool elsewhere = head.Status is >= 300 and < 400;
            throw Faults.NotARelay.With(relay, $"it answers {head.Status} to the upgrade" + (elsewhere ? " and points elsewhere" : "")).ToException();
        }

        return buffer.AsMemory(head.Length, filled - head.Length);
    }
}
