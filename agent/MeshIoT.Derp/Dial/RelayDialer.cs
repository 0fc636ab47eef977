using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using MeshIoT.Crypto;
using MeshIoT.Health;

namespace MeshIoT.Derp;

/// <summary>
/// Opens connections to relays: TCP, perhaps through a proxy, TLS, the HTTP upgrade. Blocks its thread. data-plane.md section 4.1,
/// points 1 to 4.
/// </summary>
internal sealed class RelayDialer(DerpPoolOptions options)
{
    /// <summary>Dials one relay; throws a <see cref="FaultException"/> that names <paramref name="relay"/>, or for the token.</summary>
    public DialedRelay Dial(RelayNode node, string relay, string? idealNode, CancellationToken cancellationToken) =>
        Open(node, relay, keep: true, cancellationToken, (stream, transport, relayKey) =>
        {
            stream.Write(Request(node, idealNode, fast: !relayKey.IsZero));
            ReadOnlyMemory<byte> early = relayKey.IsZero ? Upgrade(stream, relay) : default;
            return new DialedRelay(node, stream, transport, relayKey, early);
        });

    /// <summary>
    /// Dials one relay, asks it one thing over HTTP and hangs up: from the request to the answer, without what it takes to connect.
    /// Throws as <see cref="Dial"/>.
    /// </summary>
    public TimeSpan MeasureLatency(RelayNode node, string relay, CancellationToken cancellationToken) =>
        Open(node, relay, keep: false, cancellationToken, (stream, _, _) =>
        {
            long sent = options.Time.GetTimestamp();
            stream.Write(Encoding.ASCII.GetBytes($"GET {DerpUpgrade.LatencyPath} HTTP/1.1\r\nHost: {node.Authority}\r\nConnection: close\r\n\r\n"));
            (HttpHead? head, _) = HttpHead.Read(stream, new byte[HttpHead.MaxLength]);
            return head is { Status: 200 } ? options.Time.GetElapsedTime(sent)
                : throw Faults.NotARelay.With(relay, head is null ? "it does not speak HTTP" : $"it answers {head.Status} to the question how far it is").ToException();
        });

    // Over TCP, perhaps through a proxy, and TLS. The stream is closed unless it is to be kept and the talk went well.
    T Open<T>(RelayNode node, string relay, bool keep, CancellationToken cancellationToken, Func<Stream, Transport, NodePublicKey, T> talk)
    {
        Transport? transport = null;
        Stream? stream = null;
        try
        {
            transport = OpenTransport(node, relay, cancellationToken);
            using CancellationTokenRegistration cut = cancellationToken.UnsafeRegister(static t => ((Transport)t!).Abort(), transport);
            if (UsesProxy(node) is { } proxy)
            {
                ProxyTunnel.Open(transport, proxy, node, relay);
            }

            NodePublicKey relayKey = default;
            stream = transport;
            if (!options.PlainHttpForTests && options.OpenStream is null)
            {
                (stream, relayKey) = RelayTls.Open(transport, node, relay, options);
            }

            T result = talk(stream, transport, relayKey);
            cancellationToken.ThrowIfCancellationRequested();
            if (keep)
            {
                (stream, transport) = (null, null);
            }

            return result;
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(null, e, cancellationToken);
        }
        catch (Exception e) when (e is not FaultException)
        {
            throw RelayFaults.From(e, relay).ToException(e);
        }
        finally
        {
            stream?.Dispose();
            transport?.Dispose();
        }
    }

    RelayProxy? UsesProxy(RelayNode node) => options.Proxy is { } proxy && options.OpenStream is null && proxy.AppliesTo(node) ? proxy : null;

    Transport OpenTransport(RelayNode node, string relay, CancellationToken cancellationToken)
    {
        if (options.OpenStream is { } open)
        {
            return new StreamTransport(open(node));
        }

        if (!options.PlainHttpForTests && !TlsLibrary.IsPresent)
        {
            throw Faults.RelayTlsLibraryMissing.With(relay).ToException();
        }

        List<IPAddress> addresses = [];
        RelayProxy? proxy = UsesProxy(node);
        if (proxy is not null)
        {
            addresses.AddRange(Resolve(proxy.Host, AddressFamily.Unspecified, cancellationToken));
        }
        else
        {
            AddTo(addresses, node.IPv6, node.Host, AddressFamily.InterNetworkV6, cancellationToken);
            AddTo(addresses, node.IPv4, node.Host, AddressFamily.InterNetwork, cancellationToken);
        }

        if (addresses.Count == 0)
        {
            throw Faults.RelayNameUnknown.With(relay).ToException();
        }

        Socket socket = TcpRace.Connect(addresses, proxy?.Port ?? node.Port, options.PrepareSocket, options.Time, cancellationToken);
        RelaySocket.Tune(socket);
        return new SocketTransport(socket);
    }

    static void AddTo(List<IPAddress> addresses, string? given, string host, AddressFamily family, CancellationToken cancellationToken)
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
                addresses.AddRange(Resolve(host, family, cancellationToken));
            }
            catch (SocketException)
            {
                // No address of that family; without any of the other either, the name is unknown.
            }
        }
    }

    static IPAddress[] Resolve(string host, AddressFamily family, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out IPAddress? literal))
        {
            return family == AddressFamily.Unspecified || literal.AddressFamily == family ? [literal] : [];
        }

        // The system's resolver cannot be interrupted; whoever stops waiting leaves it behind.
        return Dns.GetHostAddressesAsync(host, family, cancellationToken).WaitAsync(cancellationToken).GetAwaiter().GetResult();
    }

    static byte[] Request(RelayNode node, string? idealNode, bool fast) => Encoding.ASCII.GetBytes(
        $"GET {DerpUpgrade.Path} HTTP/1.1\r\nHost: {node.Authority}\r\nUpgrade: {DerpUpgrade.Protocol}\r\nConnection: Upgrade\r\n"
        + (idealNode is null ? "" : $"{DerpUpgrade.IdealNodeHeader}: {idealNode}\r\n")
        + (fast ? $"{DerpUpgrade.FastStartHeader}: 1\r\n" : "") + "\r\n");

    static ReadOnlyMemory<byte> Upgrade(Stream stream, string relay)
    {
        byte[] buffer = new byte[HttpHead.MaxLength];
        (HttpHead? head, int filled) = HttpHead.Read(stream, buffer);
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
